"""Pictures made from pictures: cut, masked, overlaid, put on a sheet, made smaller.

Files and bytes in, files and bytes out; synchronous and slow, and decoders of pictures have had bugs: callers let a
process of its own do all of it (`bot.imaging.darkroom`). Imports only Pillow, the model and the errors.
"""

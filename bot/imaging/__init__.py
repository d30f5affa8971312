"""Pictures made from pictures: cut, masked, overlaid, put on a sheet, made smaller.

Files and bytes in, files and bytes out; synchronous and slow, so callers take one worker thread for all of it. Imports
only Pillow, the model and the errors.
"""

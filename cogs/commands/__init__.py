"""What people type or right-click: the slash commands, their options and suggestions, the menus of a message."""

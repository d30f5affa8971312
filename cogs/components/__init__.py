"""What people press: buttons, selects and forms under messages, and reactions; each with what comes of it."""

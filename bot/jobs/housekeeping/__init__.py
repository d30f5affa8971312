"""What is done now and then: backups made and cleansed, and what nobody needs taken away."""

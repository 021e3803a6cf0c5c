"""The pages of the guide: `reading` is public, `editing` is the coordinator's."""

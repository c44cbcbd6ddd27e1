"""What a procurement brought: tenders received, reviews of its decisions, and effects expected and measured."""

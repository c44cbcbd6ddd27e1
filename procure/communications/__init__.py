"""What a city tells of its procurements in public: what may be told and when, the plan, its approval and its calendar."""

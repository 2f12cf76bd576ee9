namespace DiffusionSharp.Conditions;

/// <summary>A part, the term that it was given to, and from which model call on.</summary>
internal readonly record struct AddedPart(int Term, int FromCall, ConditionPart Part);

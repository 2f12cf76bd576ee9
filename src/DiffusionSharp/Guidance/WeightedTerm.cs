namespace DiffusionSharp.Guidance;

/// <summary>A term of a guidance and how much of it is added.</summary>
/// <param name="Term">The term.</param>
/// <param name="Weight">The weight; negative to move away from it.</param>
public readonly record struct WeightedTerm(GuidanceTerm Term, double Weight);

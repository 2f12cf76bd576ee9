namespace DiffusionSharp.Conditions;

/// <summary>How beautiful a picture is to be, for networks that were trained with scores of it from 0 to 10, as the refiner of SDXL.</summary>
/// <param name="Score">The score of the picture.</param>
/// <param name="Negative">The score that guidance moves away from.</param>
public sealed record AestheticScores(float Score = 6, float Negative = 2.5f) : IRequestPart;

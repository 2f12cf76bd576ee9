namespace DiffusionSharp.Samples.Evaluation;

/// <summary>How well a picture shows what its prompt asks for.</summary>
/// <param name="Ranks">For each asked emoji how many others are nearer to the picture.</param>
/// <param name="Attribute">Whether style, position or relation is right; null where none is asked for.</param>
/// <param name="Background">Whether the colour behind is right; null where none is asked for.</param>
internal sealed record PromptScore(int[] Ranks, bool? Attribute, bool? Background);

namespace DiffusionSharp.Samples.Evaluation;

/// <summary>A prompt, and what its picture must show.</summary>
/// <param name="Kind">Which part of the evaluation it belongs to: one of <see cref="EvaluationSet.Kinds"/>.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Seed">The seed of its noise.</param>
/// <param name="Scene">What it asks for.</param>
internal sealed record EvaluationPrompt(string Kind, string Prompt, long Seed, Scene Scene);

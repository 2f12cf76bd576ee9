using DiffusionSharp.Prediction;

namespace DiffusionSharp;

/// <summary>The conditions of one generation, with its batch size, and what the user should know about them.</summary>
internal sealed record Conditions(Conditioning Conditional, Conditioning? Unconditional, IReadOnlyList<string> Warnings);

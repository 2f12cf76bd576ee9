using DiffusionSharp.Conditions;

namespace DiffusionSharp.Text;

/// <summary>Another embedding of a prompt from a step on.</summary>
/// <param name="Prompt">Which prompt, from 0.</param>
/// <param name="FromStep">The first step at which it holds, at least 1.</param>
/// <param name="Parts">The same parts as before, of one row.</param>
public sealed record TextChange(int Prompt, int FromStep, Conditioning Parts);

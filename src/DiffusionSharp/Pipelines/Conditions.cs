using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp;

/// <summary>The conditions of one generation, with its batch size, and what the user should know about them.</summary>
internal sealed record Conditions(Conditioning Conditional, Conditioning? Unconditional, IReadOnlyList<string> Warnings)
{
    /// <summary>The same with these channels; without the prompt only where nothing else is concatenated there.</summary>
    public Conditions WithConcatenated(Tensor<float> channels) => this with
    {
        Conditional = Conditional with { Concatenated = channels },
        Unconditional = Unconditional is null ? null : Unconditional with { Concatenated = Unconditional.Concatenated ?? channels },
    };
}

using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp;

/// <summary>The conditions of one generation, with its batch size, and what the user should know about them.</summary>
internal sealed record Conditions(Conditioning Conditional, Conditioning? Unconditional, IReadOnlyList<string> Warnings)
{
    /// <summary>The same with these channels, where the request brought none of its own.</summary>
    public Conditions WithConcatenated(Func<Tensor<float>> create)
    {
        if (Conditional.Concatenated is not null)
        {
            return this;
        }

        Tensor<float> channels = create();
        return this with { Conditional = Add(Conditional), Unconditional = Unconditional is { } unconditional ? Add(unconditional) : null };

        Conditioning Add(Conditioning conditioning) => conditioning.Concatenated is null ? conditioning with { Concatenated = channels } : conditioning;
    }
}

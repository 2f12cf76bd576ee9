using System.Numerics.Tensors;

namespace DiffusionSharp.Conditions;

/// <summary>Pictures that say beside the prompt what to draw, for models with an IP-Adapter (Ye et al. 2023, arXiv:2308.06721).</summary>
/// <param name="Pictures">At least one, each <c>[1, 3, H, W]</c> in [-1, 1] of any size, or with a row for each picture that is generated.</param>
public sealed record ImagePrompts(params IReadOnlyList<Tensor<float>> Pictures) : IRequestPart
{
    /// <summary>What the pictures' attention counts beside the text's: diffusers' <c>ip_adapter_scale</c>. 1 by default, 0 for the prompt alone.</summary>
    public double Scale { get; init; } = 1;

    string IRequestPart.Condition => ConditionNames.ImagePrompts;

    /// <inheritdoc/>
    public IRequestPart Of(int picture) => this with { Pictures = [.. Pictures.Select(rows => rows.RowOf(picture))] };
}

using System.Numerics.Tensors;

namespace DiffusionSharp.Conditions;

/// <summary>The picture that one ControlNet follows, and how far it does.</summary>
/// <param name="Pixels"><c>[1, 3, H, W]</c> in [-1, 1], of the size of the pictures that are generated, or one for each of them.</param>
public sealed record ControlPicture(Tensor<float> Pixels)
{
    /// <summary>What the net's residuals are multiplied with: diffusers' <c>controlnet_conditioning_scale</c>. 1 by default, 0 for none.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Where the net begins, as a share of the model calls, in [0, 1]: a call that begins before it is not guided.</summary>
    public double Start { get; init; }

    /// <summary>Where it ends, as a share of the model calls, in [0, 1]: a call that ends behind it is not guided. 1 by default.</summary>
    public double End { get; init; } = 1;
}

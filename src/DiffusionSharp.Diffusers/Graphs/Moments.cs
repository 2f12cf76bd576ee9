using System.Runtime.InteropServices;

namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>Mean and variance of each channel of pictures <c>[N, H·W, C]</c>, from which their group norm follows as a scale and a shift.</summary>
/// <param name="Mean"><c>[N, 1, C]</c>.</param>
/// <param name="Variance"><c>[N, 1, C]</c>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moments(Value Mean, Value Variance)
{
    public static Moments Of(Value x)
    {
        Value mean = MeanOf(x, 1);
        Value centred = x - mean;
        return new Moments(mean, MeanOf(centred * centred, 1));
    }

    /// <summary>Those of one picture, from those of its bands, which are equally large.</summary>
    public Moments Joined()
    {
        Value mean = MeanOf(Mean, 0);
        Value apart = Mean - mean;
        return new Moments(mean, MeanOf(Variance + (apart * apart), 0));
    }

    /// <summary>Those of the pictures with a number added to each channel.</summary>
    public Moments Plus(Value shift) => this with { Mean = (Mean + shift).WithChannels(Mean.Channels) };

    /// <summary>The group norm of the pictures, arXiv:1803.08494.</summary>
    public ScaleShift GroupNorm(Weights w, int groups, float epsilon)
    {
        int channels = Mean.Channels;
        int inGroup = channels / groups;
        Value means = Mean.Reshape(-1, groups, inGroup);
        Value mean = MeanOf(means, 2);
        Value apart = means - mean;
        Value variance = MeanOf(Variance.Reshape(-1, groups, inGroup) + (apart * apart), 2);
        Value scale = w.Tensor("weight", channels).Reshape(groups, inGroup) / (variance + epsilon).Sqrt();
        Value shift = w.Tensor("bias", channels).Reshape(groups, inGroup) - (scale * mean);
        return new ScaleShift(scale.Reshape(-1, 1, channels), shift.Reshape(-1, 1, channels));
    }

    private static Value MeanOf(Value x, long axis) => x.Graph.Node("ReduceMean", x.Channels, [x], ("axes", [axis]), ("keepdims", 1L));
}

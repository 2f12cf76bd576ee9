using System.Numerics.Tensors;

namespace DiffusionSharp;

/// <summary>One generated picture and everything needed to make it again.</summary>
public sealed class GeneratedImage
{
    internal GeneratedImage(Tensor<float> pixels, GenerationRequest request)
    {
        Pixels = pixels;
        Request = request;
    }

    /// <summary>The picture, <c>[1, 3, H, W]</c>, nominally in [-1, 1]: the decoder's output as it is, so clamp before converting.</summary>
    public Tensor<float> Pixels { get; }

    /// <summary>The seed of its noise.</summary>
    public long Seed => Request.Seed!.Value;

    /// <summary>A request that makes this picture alone, with every default filled in.</summary>
    public GenerationRequest Request { get; }

    /// <summary>The name of the request's scheduler, for example <c>DDIM</c>; empty where no step was taken.</summary>
    public string SchedulerName => Request.Scheduler?.ToString() ?? "";
}

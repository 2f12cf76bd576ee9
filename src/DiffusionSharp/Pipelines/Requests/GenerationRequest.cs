using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp;

/// <summary>
/// What to generate. On its own an unconditional (or class-conditional) request; <see cref="TextToImageRequest"/> and
/// <see cref="ImageToImageRequest"/> add a prompt and a picture. Never changed by the pipeline; what is null takes the pipeline's default.
/// </summary>
public record GenerationRequest
{
    /// <summary>Number of denoising steps, from 1 to the model's training timesteps.</summary>
    public int? Steps { get; init; }

    /// <summary>Timesteps of your own instead of evenly spaced ones: strictly falling, in training units. Wins over <see cref="Steps"/>.</summary>
    public IReadOnlyList<int>? Timesteps { get; init; }

    /// <summary>
    /// How strongly to follow the condition: w of classifier-free guidance, at least 0. 1 or less means none and halves the work; typical
    /// is 3 to 8. Requests without a prompt have 1 by default.
    /// </summary>
    public float? GuidanceScale { get; init; }

    /// <summary>How many pictures, at least 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The seed of the first picture, at least 0; picture i has <c>Seed + i</c>. A random one is chosen, and reported, when null.</summary>
    public long? Seed { get; init; }

    /// <summary>A seed for each of the <see cref="Count"/> pictures, instead of <see cref="Seed"/>.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }

    /// <summary>Width in pixels, a multiple of the latent space's downsampling factor.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels, a multiple of the latent space's downsampling factor.</summary>
    public int? Height { get; init; }

    /// <summary>The class to draw, for class-conditional models.</summary>
    public long? ClassLabel { get; init; }

    /// <summary>Further conditions, each with a batch of 1: concatenated channels, inputs by name, an embedding in place of a prompt.</summary>
    public Conditioning Conditioning { get; init; } = Conditioning.None;

    /// <summary>
    /// What guidance moves away from, with the same parts as <see cref="Conditioning"/>. Needed without a text encoder; with one, whatever
    /// context it lacks comes from the negative prompt.
    /// </summary>
    public Conditioning? NegativeConditioning { get; init; }

    /// <summary>A picture to start from instead of noise, <c>[1, 3, H, W]</c> in [-1, 1]; it sets width and height.</summary>
    public Tensor<float>? InitialImage { get; init; }

    /// <summary>How much of <see cref="InitialImage"/> to redraw, in [0, 1]: 0 returns it as the autoencoder sees it, 1 keeps nothing.</summary>
    public double Strength { get; init; } = 0.8;
}

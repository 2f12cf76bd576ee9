using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp;

/// <summary>
/// What to generate. On its own an unconditional (or class-conditional) request; <see cref="TextToImageRequest"/>,
/// <see cref="ImageToImageRequest"/> and <see cref="InpaintingRequest"/> add a prompt, a picture and a mask. Never changed by the pipeline; what is null takes the pipeline's default.
/// </summary>
public record GenerationRequest
{
    /// <summary>The sampler, for pipelines with a noise predictor; it must be one for the process that the model was trained with. The pipeline's own when null.</summary>
    public IScheduler? Scheduler { get; init; }

    /// <summary>Number of denoising steps, from 1 to the model's training timesteps.</summary>
    public int? Steps { get; init; }

    /// <summary>Timesteps of your own instead of evenly spaced ones: strictly falling, in training units. Wins over <see cref="Steps"/>.</summary>
    public IReadOnlyList<int>? Timesteps { get; init; }

    /// <summary>
    /// Noise levels σ of your own, strictly falling, for schedulers that step through σ; those of flow-matching schedulers are in [0, 1],
    /// before any time shift. They win over <see cref="Steps"/> and exclude <see cref="Timesteps"/>.
    /// </summary>
    public IReadOnlyList<double>? Sigmas { get; init; }

    /// <summary>μ of a resolution-dependent time shift, a finite number, for flow-matching schedulers that are configured for one; others leave it alone.</summary>
    public double? Mu { get; init; }

    /// <summary>
    /// How strongly to follow the condition: w of classifier-free guidance, at least 0. 1 or less means none and halves the work; typical
    /// is 3 to 8. Requests without a prompt have 1 by default.
    /// </summary>
    public float? GuidanceScale { get; init; }

    /// <summary>A guidance scale for each of the pictures, in place of <see cref="GuidanceScale"/>.</summary>
    public IReadOnlyList<float>? GuidanceScales { get; init; }

    /// <summary>How many pictures, at least 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The seed of the first picture, at least 0; picture i has <c>Seed + i</c>. A random one is chosen, and reported, when null.</summary>
    public long? Seed { get; init; }

    /// <summary>A seed for each of the <see cref="Count"/> pictures, instead of <see cref="Seed"/>.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }

    /// <summary>
    /// The class of noise source that the pictures are drawn from, as a pipeline fills it in, for example <c>TorchCpuNoise</c>: a pipeline
    /// that draws from another refuses, for it would make other pictures. Whichever the pipeline has when null.
    /// </summary>
    public string? Noise { get; init; }

    /// <summary>Width in pixels, a multiple of the pipeline's <see cref="DiffusionPipeline.SizeMultiple"/>.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels, a multiple of the pipeline's <see cref="DiffusionPipeline.SizeMultiple"/>.</summary>
    public int? Height { get; init; }

    /// <summary>The class to draw, for class-conditional models.</summary>
    public long? ClassLabel { get; init; }

    /// <summary>A class for each of the pictures, in place of <see cref="ClassLabel"/>.</summary>
    public IReadOnlyList<long>? ClassLabels { get; init; }

    /// <summary>Further conditions, each of one row or a row for each picture: concatenated channels, inputs by name, an embedding in place of a prompt.</summary>
    public Conditioning Conditioning { get; init; } = Conditioning.None;

    /// <summary>
    /// What guidance moves away from, with the same parts as <see cref="Conditioning"/>, which stands in for it where it is null. With a text
    /// encoder, a context that it lacks comes from the negative prompt.
    /// </summary>
    public Conditioning? NegativeConditioning { get; init; }

    /// <summary>A picture to start from instead of noise, <c>[1, 3, H, W]</c> in [-1, 1], or one for each of the pictures; it sets width and height.</summary>
    public Tensor<float>? InitialImage { get; init; }

    /// <summary>
    /// Whether the latents of <see cref="InitialImage"/> are drawn once, with the noise of the first picture, and shared by all pictures of the
    /// batch, as diffusers does for inpainting. By default each picture draws its own, so that each can be made again alone.
    /// </summary>
    public bool EncodesPictureOnce { get; init; }

    /// <summary>
    /// A sample to start from in place of <see cref="InitialImage"/>, as it is diffused, <c>[1, C, h, w]</c> or one for each of the pictures: clean where the
    /// generation begins with noise, and then noised as a picture is; as it is where <see cref="Range"/> begins later, for then it comes noisy.
    /// </summary>
    public Tensor<float>? InitialLatents { get; init; }

    /// <summary>The part of the way that this generation goes. The whole of it by default.</summary>
    public ScheduleRange Range { get; init; } = ScheduleRange.Whole;

    /// <summary>Whether the latents are decoded into pictures. If not, the result has latents only, for example for a refiner to go on with.</summary>
    public bool Decodes { get; init; } = true;

    /// <summary>How much of <see cref="InitialImage"/> to redraw, in [0, 1]: 0 returns it as the autoencoder sees it, 1 keeps nothing.</summary>
    public double Strength { get; init; } = 0.8;

    /// <summary>
    /// Where to draw <see cref="InitialImage"/> anew, <c>[1, 1, H, W]</c> in [0, 1], or one for each of the pictures: 1 draws, 0 keeps. In the latents a value counts as 1 from 0.5
    /// on, and the first pixel of each block of the downsampling factor decides. With strength 1 the drawn part starts from noise alone.
    /// </summary>
    public Tensor<float>? Mask { get; init; }

    /// <summary>
    /// Whether the pixels of <see cref="InitialImage"/> that <see cref="Mask"/> keeps are pasted into the result, blended by the mask's own values; if
    /// not, they are as the autoencoder returns them. False by default, as in diffusers.
    /// </summary>
    public bool PastesKnownPixels { get; init; }

    /// <summary>What only some encoder, guidance or decoder reads: a control picture, sizes, a low-resolution picture. One of each type.</summary>
    public IReadOnlyList<IRequestPart> Parts { get; init; } = [];

    /// <summary>The part of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The part, or null where the request has none.</returns>
    public T? Part<T>()
        where T : class, IRequestPart => Parts.OfType<T>().FirstOrDefault();
}

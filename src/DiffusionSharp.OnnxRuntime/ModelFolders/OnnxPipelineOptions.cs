using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>How a model folder is loaded.</summary>
public record OnnxPipelineOptions
{
    /// <summary>How the models are executed. On the processor by default.</summary>
    public OnnxOptions Onnx { get; init; } = new();

    /// <summary>A scheduler in place of the folder's.</summary>
    public IScheduler? Scheduler { get; init; }

    /// <summary>The latent space, for folders without a configuration of their autoencoder.</summary>
    public LatentSpace? LatentSpace { get; init; }

    /// <summary>
    /// Which of a model's files is taken where there are several: <c>fp16</c> takes <c>model_fp16.onnx</c> or <c>model.fp16.onnx</c>, and
    /// <c>model.onnx</c> of models that have no such file. Null, the default, for <c>model.onnx</c>, or for the only one that there is.
    /// </summary>
    public string? Variant { get; init; }

    /// <summary>
    /// Components that are not loaded, as though <c>model_index.json</c> did not name them, for example <c>text_encoder_3</c>, the large one of
    /// Stable Diffusion 3, or <c>vae_encoder</c>. None by default.
    /// </summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>
    /// How large pictures go through the autoencoder in tiles; null to give it all pictures whole. By default those are cut that have more pixels than
    /// a square of one and a half times the side that the autoencoder was trained at, or 512: 768x768 for Stable Diffusion 1.x, 1536x1536 for SDXL.
    /// </summary>
    public LatentTiling? Tiling { get; init; } = new();

    /// <summary>
    /// ControlNets in place of the folder's, in the order of a request's <see cref="ControlPictures"/>: each a folder with <c>model.onnx</c>, or an ONNX file. The
    /// UNet must have been exported with inputs for residuals. None by default.
    /// </summary>
    public IReadOnlyList<string> ControlNets { get; init; } = [];

    /// <summary>Words that prompts may use beside those of the vocabulary. None by default.</summary>
    public IReadOnlyList<TextualInversion> TextualInversions { get; init; } = [];

    /// <summary>
    /// Defaults of requests. When null, the size that the model was trained at, and steps and guidance scale as the folder's <c>model_index.json</c> says them
    /// (<c>num_inference_steps</c>, <c>guidance_scale</c>), or as diffusers' pipeline of its class has them.
    /// </summary>
    public GenerationDefaults? Defaults { get; init; }

    /// <summary>Makes the noise of a picture from its seed; that of PyTorch's CPU generator when null.</summary>
    public Func<long, INoiseSource>? CreateNoise { get; init; }

    /// <summary>Whether the two predictions of guidance come from one model call, the default, or from two, which need less memory.</summary>
    public GuidanceBatching GuidanceBatching { get; init; }

    /// <summary>
    /// How prompts are written, for example <see cref="Text.PromptSyntax.A1111"/>: weights, prompts of any length, changes on the way. Null, the default, for
    /// plain text, in which a bracket is a bracket.
    /// </summary>
    public IPromptSyntax? PromptSyntax { get; init; }

    /// <summary>
    /// How many prompts' embeddings are remembered, or with a <see cref="PromptSyntax"/> those of how many chunks, so that one that comes again is
    /// not encoded again; 0, the default, is none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int CachedPrompts
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Merges the model calls of concurrent generations into batches; null, the default, leaves each to itself.</summary>
    public BatchingOptions? Batching { get; init; }

    /// <summary>Leaves out model calls where predictions hardly change; null, the default, makes all of them.</summary>
    public CachedStepsOptions? CachedSteps { get; init; }

    /// <summary>
    /// Makes the loggers that are told of what in the folder is not used or is corrected, and where the processor stands in for a device.
    /// Null, the default, for none.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}

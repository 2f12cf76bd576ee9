using DiffusionSharp.Guidance;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp;

/// <summary>Composes a <see cref="DiffusionPipeline"/>. A noise predictor, a scheduler and a decoder (or pixel space) are needed, the rest is optional.</summary>
public sealed class DiffusionPipelineBuilder
{
    private ITextEncoder? _textEncoder;
    private INoisePredictor? _noisePredictor;
    private ILatentDecoder? _latentDecoder;
    private ILatentEncoder? _latentEncoder;
    private IScheduler? _scheduler;
    private IGuidance _guidance = new ClassifierFreeGuidance();
    private Func<long, INoiseSource> _createNoise = static seed => new TorchCpuNoise(seed);
    private GenerationDefaults _defaults = new();
    private bool _isInpaintingModel;
    private bool _ownsParts = true;

    internal DiffusionPipelineBuilder()
    {
    }

    /// <summary>Starts from what a pipeline has, which it keeps.</summary>
    internal DiffusionPipelineBuilder(PipelineParts parts, IScheduler scheduler, GenerationDefaults defaults)
    {
        _textEncoder = parts.TextEncoder;
        _noisePredictor = parts.NoisePredictor;
        _isInpaintingModel = parts.IsInpaintingModel;
        _latentDecoder = parts.LatentDecoder;
        _latentEncoder = parts.LatentEncoder;
        _guidance = parts.Guidance;
        _createNoise = parts.CreateNoise;
        (_scheduler, _defaults, _ownsParts) = (scheduler, defaults, false);
    }

    /// <summary>Sets the part that reads prompts; without one the model is unconditional or conditioned otherwise.</summary>
    /// <param name="textEncoder">The text encoder.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseTextEncoder(ITextEncoder textEncoder) => Set(ref _textEncoder, textEncoder);

    /// <summary>Sets the network.</summary>
    /// <param name="noisePredictor">The noise predictor.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseNoisePredictor(INoisePredictor noisePredictor)
    {
        _isInpaintingModel = false;
        return Set(ref _noisePredictor!, noisePredictor);
    }

    /// <summary>
    /// Sets a network that was trained for inpainting: behind the sample's C channels it takes the mask and the C channels of the latents of the
    /// picture whose masked part is gray, nine in all for Stable Diffusion (arXiv:2112.10752, section 4.5). The pipeline fills them in from a
    /// request's picture and mask, for which it needs a latent encoder; without a mask everything is drawn anew. A request that brings
    /// <see cref="Conditioning.Concatenated"/> keeps its own.
    /// </summary>
    /// <param name="noisePredictor">The noise predictor.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseInpaintingModel(INoisePredictor noisePredictor)
    {
        _isInpaintingModel = true;
        return Set(ref _noisePredictor!, noisePredictor);
    }

    /// <summary>Sets the sampler.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseScheduler(IScheduler scheduler) => Set(ref _scheduler!, scheduler);

    /// <summary>Sets the part that turns latents into pictures.</summary>
    /// <param name="latentDecoder">The latent decoder.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseLatentDecoder(ILatentDecoder latentDecoder) => Set(ref _latentDecoder!, latentDecoder);

    /// <summary>Sets the part that turns pictures into latents, for image-to-image and inpainting.</summary>
    /// <param name="latentEncoder">The latent encoder.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseLatentEncoder(ILatentEncoder latentEncoder) => Set(ref _latentEncoder!, latentEncoder);

    /// <summary>Diffuses pixels: the sample is the picture, there is nothing to decode or encode.</summary>
    /// <param name="channels">3 for RGB, 1 for gray.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UsePixelSpace(int channels = 3)
    {
        var identity = new PixelSpace(channels);
        return UseLatentDecoder(identity).UseLatentEncoder(identity);
    }

    /// <summary>Replaces classifier-free guidance.</summary>
    /// <param name="guidance">The guidance.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseGuidance(IGuidance guidance) => Set(ref _guidance!, guidance);

    /// <summary>Replaces the source of noise, which is <see cref="TorchCpuNoise"/> unless set.</summary>
    /// <param name="createNoise">Makes the stream of one picture from its seed.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseNoise(Func<long, INoiseSource> createNoise) => Set(ref _createNoise!, createNoise);

    /// <summary>Sets what is used where a request says nothing.</summary>
    /// <param name="defaults">The defaults.</param>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder UseDefaults(GenerationDefaults defaults) => Set(ref _defaults!, defaults);

    /// <summary>Leaves the parts alone when the pipeline is disposed, for parts that several pipelines share.</summary>
    /// <returns>This builder.</returns>
    public DiffusionPipelineBuilder LeavePartsOpen()
    {
        _ownsParts = false;
        return this;
    }

    /// <summary>Builds the pipeline, which disposes its parts when it is disposed, unless <see cref="LeavePartsOpen"/> was called.</summary>
    /// <returns>The pipeline.</returns>
    /// <exception cref="InvalidOperationException">A part is missing; the message says which and how to add it.</exception>
    /// <exception cref="ArgumentException">Encoder and decoder work in different latent spaces.</exception>
    public DiffusionPipeline Build()
    {
        INoisePredictor noisePredictor = Require(_noisePredictor, "noise predictor", $"{nameof(UseNoisePredictor)}(...)");
        IScheduler scheduler = Require(_scheduler, "scheduler", $"{nameof(UseScheduler)}(...), for example with a DdimScheduler");
        ILatentDecoder decoder = Require(_latentDecoder, "latent decoder", $"{nameof(UseLatentDecoder)}(...), or {nameof(UsePixelSpace)}() for a model that diffuses pixels");
        if (_latentEncoder is { } encoder && encoder.LatentSpace != decoder.LatentSpace)
        {
            throw new ArgumentException($"The latent encoder works in {encoder.LatentSpace}, the latent decoder in {decoder.LatentSpace}: they must be of one autoencoder.");
        }

        if (_isInpaintingModel)
        {
            _ = Require(_latentEncoder, "latent encoder, which an inpainting model needs", $"{nameof(UseLatentEncoder)}(...)");
        }

        var parts = new PipelineParts
        {
            TextEncoder = _textEncoder,
            NoisePredictor = noisePredictor,
            LatentDecoder = decoder,
            LatentEncoder = _latentEncoder,
            Guidance = _guidance,
            CreateNoise = _createNoise,
            IsInpaintingModel = _isInpaintingModel,
            Owned = _ownsParts,
        };
        return new DiffusionPipeline(parts, scheduler, _defaults, ownsParts: true);
    }

    private static T Require<T>(T? part, string what, string how)
        where T : class =>
        part ?? throw new InvalidOperationException($"The pipeline has no {what}: add one with {how}.");

    private DiffusionPipelineBuilder Set<T>(ref T? field, T part)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(part);
        field = part;
        return this;
    }
}

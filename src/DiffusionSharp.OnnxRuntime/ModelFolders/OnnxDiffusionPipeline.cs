using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime.ModelFolders;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Loads model folders as diffusers and optimum export them to ONNX, of either dialect.</summary>
public static class OnnxDiffusionPipeline
{
    private const int FallbackSize = 512;

    private static readonly string[] KnownComponents = ["tokenizer", "text_encoder", "unet", "vae", "vae_decoder", "vae_encoder", "scheduler"];

    /// <summary>Loads a folder with a <c>model_index.json</c>: tokenizer, text encoder, UNet, autoencoder and scheduler; the models in parallel, unless they do not stay in memory.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="options">How to load it; the defaults when null.</param>
    /// <returns>The pipeline; dispose it to release the models.</returns>
    /// <exception cref="ModelFormatException">The folder is missing or incomplete, or one of its files is damaged or contradicts another.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available.</exception>
    /// <exception cref="ArgumentException">Batching is asked for, but the network was exported for one batch size.</exception>
    public static DiffusionPipeline Load(string folder, OnnxPipelineOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new OnnxPipelineOptions();
        ConfigFile index = ReadIndex(folder);
        WarnOfUnusedComponents(index, options.Warn);
        IScheduler scheduler = options.Scheduler ?? SchedulerConfig.Load(Path.Combine(folder, "scheduler", "scheduler_config.json"), options.Warn);
        bool isLatent = Has(index, folder, "vae_decoder");
        LatentSpace? space = isLatent ? options.LatentSpace ?? ReadLatentSpace(folder, index) : null;

        var parts = new LoadedParts();
        try
        {
            LoadedParts.Load(
                options.Onnx.Lifetime,
                Has(index, folder, "text_encoder") ? () => parts.TextEncoder = LoadTextEncoder(folder, options) : null,
                () => parts.NoisePredictor = new OnnxNoisePredictor(ModelPath(folder, "unet"), options.Onnx),
                isLatent ? () => parts.LatentDecoder = new OnnxLatentDecoder(ModelPath(folder, "vae_decoder"), space, options.Onnx) : null,
                isLatent && Has(index, folder, "vae_encoder") ? () => parts.LatentEncoder = new OnnxLatentEncoder(ModelPath(folder, "vae_encoder"), space, options.Onnx) : null);
            return Build(parts, scheduler, options);
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    private static DiffusionPipeline Build(LoadedParts parts, IScheduler scheduler, OnnxPipelineOptions options)
    {
        OnnxNoisePredictor predictor = parts.NoisePredictor!;
        DiffusionPipelineBuilder builder = DiffusionPipeline.CreateBuilder()
            .UseScheduler(scheduler)
            .UseGuidanceBatching(options.GuidanceBatching);
        AddPredictor(builder, parts, options);
        if (parts.TextEncoder is { } textEncoder)
        {
            builder.UseTextEncoder(options.CachedPrompts > 0 ? new CachedTextEncoder(textEncoder, options.CachedPrompts) : textEncoder);
        }

        int factor = 1;
        if (parts.LatentDecoder is { } decoder)
        {
            builder.UseLatentDecoder(decoder);
            factor = decoder.LatentSpace.DownsamplingFactor;
        }
        else
        {
            builder.UsePixelSpace(predictor.SampleChannels ?? 3);
        }

        if (parts.LatentEncoder is { } encoder)
        {
            builder.UseLatentEncoder(encoder);
        }

        if (options.CreateNoise is { } createNoise)
        {
            builder.UseNoise(createNoise);
        }

        int size = predictor.TrainedSize * factor ?? FallbackSize;
        return builder.UseDefaults(options.Defaults ?? new GenerationDefaults { Width = size, Height = size }).Build();
    }

    // An inpainting model takes, behind the sample, a mask and as many channels as the sample has.
    private static void AddPredictor(DiffusionPipelineBuilder builder, LoadedParts parts, OnnxPipelineOptions options)
    {
        OnnxNoisePredictor predictor = parts.NoisePredictor!;
        INoisePredictor perhapsBatching = options.Batching is { } batching ? new BatchingNoisePredictor(predictor, batching) : predictor;
        bool isInpaintingModel = parts.LatentDecoder is { LatentSpace.Channels: int channels } && predictor.InputChannels == (2 * channels) + 1;
        if (isInpaintingModel && parts.LatentEncoder is not null)
        {
            builder.UseConditions(new MaskedPictureConditions());
        }
        else if (isInpaintingModel)
        {
            options.Warn?.Invoke($"The model takes {predictor.InputChannels} channels, as inpainting models do, but the folder has no vae_encoder: each request has to bring the channels for mask and picture (the condition '{ConditionNames.Concatenated}').");
        }

        builder.UseNoisePredictor(perhapsBatching);
    }

    private static ConfigFile ReadIndex(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ModelFormatException(folder, "the model folder does not exist.");
        }

        string path = Path.Combine(folder, "model_index.json");
        ConfigFile index = ConfigFile.TryLoad(path) ?? throw new ModelFormatException(path, "the file is missing, so this is not a model folder.");
        foreach (string unsupported in (ReadOnlySpan<string>)["transformer", "text_encoder_2", "prior", "movq"])
        {
            if (index.Component(unsupported) is { } component)
            {
                throw new ModelFormatException(path, $"the model has a '{unsupported}' ({component.ClassName}), which this loader does not know: known are tokenizer, text_encoder, unet, vae_decoder, vae_encoder and scheduler.");
            }
        }

        return index;
    }

    private static void WarnOfUnusedComponents(ConfigFile index, Action<string>? warn)
    {
        foreach (string name in index.Components.Except(KnownComponents))
        {
            warn?.Invoke($"{index.Path}: the component '{name}' ({index.Component(name)!.Value.ClassName}) is not used.");
        }
    }

    // A component counts when the index names it; the encoder of an autoencoder is optional in folders that list only the decoder.
    private static bool Has(ConfigFile index, string folder, string component) =>
        index.Component(component) is not null || (component.StartsWith("vae_", StringComparison.Ordinal) && index.Component("vae") is not null && File.Exists(ModelPath(folder, component)));

    private static LatentSpace ReadLatentSpace(string folder, ConfigFile index)
    {
        foreach (string component in (ReadOnlySpan<string>)["vae_decoder", "vae", "vae_encoder"])
        {
            if (ConfigFile.TryLoad(Path.Combine(folder, component, "config.json")) is { } config)
            {
                return AutoencoderConfig.Read(config);
            }
        }

        // Folders of this class were exported from Stable Diffusion before configurations were, so its constants are meant.
        return index.Text("_class_name")?.StartsWith("OnnxStableDiffusion", StringComparison.Ordinal) == true
            ? new LatentSpace { Scale = 0.18215f }
            : throw new ModelFormatException(Path.Combine(folder, "vae_decoder", "config.json"), $"the file is missing, so the latent space is unknown: set {nameof(OnnxPipelineOptions)}.{nameof(OnnxPipelineOptions.LatentSpace)}.");
    }

    private static OnnxTextEncoder LoadTextEncoder(string folder, OnnxPipelineOptions options) =>
        new(ModelPath(folder, "text_encoder"), ClipTokenizer.Load(Path.Combine(folder, "tokenizer")), options.Onnx);

    private static string ModelPath(string folder, string component) => Path.Combine(folder, component, "model.onnx");
}

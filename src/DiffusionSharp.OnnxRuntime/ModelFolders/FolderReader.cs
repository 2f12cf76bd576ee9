using DiffusionSharp.Conditions;
using DiffusionSharp.Configuration;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>What families ask of a folder: the models that are to be loaded and, when they are, the parts of the pipeline.</summary>
internal sealed class FolderReader(FolderIndex index, IFolderModels models, OnnxPipelineOptions options, ILogger logger)
{
    private const int SmallestTile = 512;

    private readonly List<Loading> _models = [];
    private readonly List<string> _configurations = [];
    private readonly FolderWords _words = new(options.TextualInversions);

    public FolderIndex Index => index;

    /// <summary>All models that were asked for.</summary>
    public IReadOnlyList<Loading> Models => _models;

    /// <summary>A builder with what the options say, whatever the folder is.</summary>
    public DiffusionPipelineBuilder NewBuilder()
    {
        DiffusionPipelineBuilder builder = DiffusionPipeline.CreateBuilder().UseGuidanceBatching(options.GuidanceBatching);
        return options.CreateNoise is { } createNoise ? builder.UseNoise(createNoise) : builder;
    }

    /// <summary>ControlNets from elsewhere, folders or files.</summary>
    public IReadOnlyList<string> ControlNets => options.ControlNets;

    /// <summary>The scheduler with which pictures are drawn, of the options or the folder.</summary>
    public IScheduler Scheduler(string component = FolderIndex.Sampler) => options.Scheduler ?? SchedulerOf(component);

    /// <summary>A scheduler of the folder, which options do not replace.</summary>
    public IScheduler SchedulerOf(string component) => SchedulerConfig.Load(index.SchedulerOf(component), index.PipelineClass, logger);

    /// <summary>Asks for a model of the folder.</summary>
    /// <param name="component">Its folder.</param>
    /// <param name="named">What the index calls it.</param>
    /// <param name="open">Opens it.</param>
    public Loading<T> Load<T>(string component, string named, Func<ModelSource, OnnxOptions, CancellationToken, T> open)
        where T : class, IDisposable => Add(component, models.Open(component, named), open);

    /// <summary>Asks for a model from elsewhere.</summary>
    /// <param name="part">What to call it.</param>
    /// <param name="path">A folder with the model, or its file.</param>
    /// <param name="option">Which of the options names it.</param>
    /// <param name="open">Opens it.</param>
    public Loading<T> Load<T>(string part, string path, string option, Func<ModelSource, OnnxOptions, CancellationToken, T> open)
        where T : class, IDisposable => Add(part, ModelSource.File(File.Exists(path) ? path : ModelFile.Find(path, $"{nameof(OnnxPipelineOptions)}.{option} names '{path}'", options.Variant)), open);

    /// <summary>Whether the folder has a model.</summary>
    public bool Has(string component) => models.Has(component);

    /// <summary>Says that a component which is no model is read.</summary>
    public void Reads(string component) => _configurations.Add(component);

    /// <summary>Says which components nobody asked for, and refuses words for text encoders that are not there.</summary>
    public void LogUnused(FolderKind family)
    {
        _words.Check(_models.Select(model => model.Part));
        foreach (string name in family.Dispensable.Except(_configurations).Except(_models.Select(model => model.Part)))
        {
            LogUnused(name);
        }
    }

    /// <summary>Says that a component is not used, where the index names it.</summary>
    public void LogUnused(string component)
    {
        if (index.ClassOf(component) is { } className)
        {
            logger.ComponentNotUsed(index.Path, component, className);
        }
    }

    /// <summary>Asks for a noise predictor.</summary>
    public Loading<OnnxNoisePredictor> NoisePredictor(string component) => Load(component, component, static (source, onnx, token) => new OnnxNoisePredictor(source, onnx, token));

    /// <summary>Asks for a text encoder.</summary>
    /// <param name="component">Its folder.</param>
    /// <param name="tokenizer">The folder of its tokenizer.</param>
    /// <param name="layer">Which layer is the context.</param>
    /// <param name="tokens">How many tokens of a prompt T5 reads, unless a request says otherwise.</param>
    /// <param name="lowercases">Whether prompts are lower-cased, and without spaces around them.</param>
    /// <param name="givesMask">Whether the network wants to know which tokens count, also of a text encoder that does not ask.</param>
    public Loading<OnnxTextEncoder> RequireTextEncoder(string component, string tokenizer, ContextLayer layer = ContextLayer.Last, int? tokens = null, bool lowercases = false, bool givesMask = false) =>
        TextEncoder(component, tokenizer, layer, tokens, lowercases, givesMask) ?? throw new ModelFormatException(index.Path, $"names no '{component}', which a {index.PipelineClass} needs.");

    /// <summary>Asks for a text encoder; null where the index does not name it.</summary>
    /// <inheritdoc cref="RequireTextEncoder"/>
    public Loading<OnnxTextEncoder>? TextEncoder(string component, string tokenizer, ContextLayer layer = ContextLayer.Last, int? tokens = null, bool lowercases = false, bool givesMask = false)
    {
        if (index.ClassOf(component) is null)
        {
            index.RequireNoFolder(component);
            return null;
        }

        string className = index.ClassOf(tokenizer) ?? throw new ModelFormatException(index.Path, $"names a '{component}', but no '{tokenizer}'.");
        string folder = index.PathOf(tokenizer);
        return Load(component, component, (source, onnx, token) =>
        {
            (ModelSource longer, ITokenizer words) = _words.AddTo(component, source, Open());
            return new OnnxTextEncoder(longer, words, onnx, layer, token) { GivesMask = givesMask };
        });

        ITokenizer Open() => lowercases ? T5Tokenizer.Load(folder, tokens, lowercase: true) : TokenizerFolder.Load(folder, className, tokens);
    }

    /// <summary>Asks for the autoencoder.</summary>
    /// <param name="change">Makes the latent space of the configuration's; as it is where null.</param>
    public FolderAutoencoder RequireAutoencoder(Func<LatentSpace, LatentSpace>? change = null) =>
        Autoencoder(null, change) ?? throw new ModelFormatException(index.Path, $"names no autoencoder ('vae' or 'vae_decoder'), which a {index.PipelineClass} needs.");

    /// <summary>Asks for the autoencoder; null where the index names none.</summary>
    /// <param name="usual">The latent space where no configuration says it.</param>
    /// <param name="change">Makes the latent space of the configuration's; as it is where null.</param>
    public FolderAutoencoder? Autoencoder(LatentSpace? usual = null, Func<LatentSpace, LatentSpace>? change = null)
    {
        string? whole = FolderAutoencoder.Wholes.FirstOrDefault(name => index.ClassOf(name) is not null);
        string? decoder = index.ClassOf(FolderAutoencoder.DecoderName) is not null ? FolderAutoencoder.DecoderName : whole;
        if (decoder is null)
        {
            index.RequireNoFolder(FolderAutoencoder.DecoderName);
            return null;
        }

        bool hasHalf = index.ClassOf(FolderAutoencoder.EncoderName) is not null;
        string? encoder = hasHalf ? FolderAutoencoder.EncoderName : models.Has(FolderAutoencoder.EncoderName) ? whole : null;
        if (encoder is null && whole is not null)
        {
            logger.NoEncoder(index.Path, whole);
        }

        string[] configs = [.. ((string[])[FolderAutoencoder.DecoderName, .. FolderAutoencoder.Wholes, FolderAutoencoder.EncoderName]).Select(name => index.PathOf(name, "config.json"))];
        ConfigFile? config = configs.Select(ConfigFile.LoadIfPresent).FirstOrDefault(file => file is not null);
        LatentSpace space = options.LatentSpace ?? (config is null ? null : AutoencoderConfig.Read(config)) ?? usual
            ?? throw new ModelFormatException(configs[0], $"the file is missing, so the latent space is unknown: set {nameof(OnnxPipelineOptions)}.{nameof(OnnxPipelineOptions.LatentSpace)}.");
        space = change?.Invoke(space) ?? space;
        return new FolderAutoencoder(
            space,
            Load(FolderAutoencoder.DecoderName, decoder, (source, onnx, token) => new OnnxLatentDecoder(source, space, onnx, token)),
            encoder is null ? null : new LateLatentEncoder(space, Opening(FolderAutoencoder.EncoderName, encoder, (source, onnx, token) => new OnnxLatentEncoder(source, space, onnx, token))),
            Tiling(config));
    }

    /// <summary>How large pictures go through an autoencoder, in tiles of the size that its configuration names or the options do; null where they stay whole.</summary>
    public LatentTiling? Tiling(ConfigFile? config) => options.Tiling is { TileSize: null } tiling
        ? tiling with { TileSize = Math.Max(SmallestTile, config is null ? 0 : AutoencoderConfig.TrainedSize(config) ?? 0) }
        : options.Tiling;

    /// <inheritdoc cref="IFolderModels.Vector"/>
    public IReadOnlyList<float> Vector(string component, string name, string exported) => models.Vector(component, name, exported);

    /// <summary>How small pictures are noised for a network that enlarges them.</summary>
    /// <param name="scheduler">The component whose noise schedule it is.</param>
    /// <param name="usual">The level where a request says none.</param>
    /// <param name="largest">The largest level; the last timestep of the schedule where null.</param>
    public NoiseAugmentation Augmentation(string scheduler, int usual, int? largest = null)
    {
        NoiseSchedule schedule = Schedule(scheduler);
        int last = Math.Min(largest ?? int.MaxValue, schedule.TrainingTimesteps - 1);
        return new NoiseAugmentation(schedule, Math.Min(usual, last), last);
    }

    /// <summary>A text encoder, which reads prompts as the options say, and remembers them where they say so. Syntaxes are CLIP's; others read plain text.</summary>
    public ITextEncoder Cached(Loading<OnnxTextEncoder> encoder) => options switch
    {
        { PromptSyntax: { } syntax } when encoder.Value.Tokenizer is ClipTokenizer => new PromptSyntaxEncoder(encoder.Value, syntax, options.CachedPrompts),
        { CachedPrompts: > 0 } => new CachedTextEncoder(encoder.Value, options.CachedPrompts),
        _ => encoder.Value,
    };

    /// <summary>A noise predictor, whose calls are shared and left out where the options say so.</summary>
    public INoisePredictor Batched(IRowwisePredictor predictor)
    {
        INoisePredictor batched = options.Batching is { } batching ? new BatchingNoisePredictor(predictor, batching) : predictor;
        return options.CachedSteps is { } steps ? new CachedStepsPredictor(batched, steps) : batched;
    }

    /// <summary>The defaults of requests: those of the options, or those of the family with the steps and the guidance scale that the index says.</summary>
    public GenerationDefaults Defaults(GenerationDefaults usual) => options.Defaults ?? usual with
    {
        Steps = index.WholeNumber("num_inference_steps", minimum: 1) ?? usual.Steps,
        GuidanceScale = index.Number("guidance_scale") ?? usual.GuidanceScale,
    };

    /// <summary>The defaults of requests, at the size that the network was trained at unless the options say one.</summary>
    /// <param name="predictor">The network.</param>
    /// <param name="autoencoder">Null where pixels are diffused.</param>
    /// <param name="usual">The family's, with the size where none is known.</param>
    /// <param name="isSizeUsual">Whether it goes without saying that the size is not known.</param>
    public GenerationDefaults Defaults(OnnxNoisePredictor predictor, FolderAutoencoder? autoencoder, GenerationDefaults usual, bool isSizeUsual = false)
    {
        GenerationDefaults defaults = Defaults(usual);
        if (options.Defaults is not null)
        {
            return defaults;
        }

        long? trained = (long?)predictor.TrainedSize * (autoencoder?.Space.DownsamplingFactor ?? 1);
        if (trained > int.MaxValue)
        {
            throw new ModelFormatException(predictor.Path, $"a 'sample_size' of {predictor.TrainedSize} makes pictures of {trained} pixels a side.");
        }

        if (trained is null && !isSizeUsual)
        {
            logger.UnknownSize(predictor.Path, usual.Width);
        }

        return trained is { } size ? defaults with { Width = (int)size, Height = (int)size } : defaults;
    }

    /// <summary>What an inpainting model is shown of a picture, which takes behind the sample a mask and as many channels as the sample has; nothing for other models.</summary>
    public IEnumerable<IConditionEncoder> Inpainting(OnnxNoisePredictor predictor, FolderAutoencoder? autoencoder)
    {
        if (autoencoder is null || predictor.InputChannels != (2 * autoencoder.Space.Channels) + 1)
        {
            return [];
        }

        if (autoencoder.Encoder is not null)
        {
            return [new MaskedPictureConditions()];
        }

        logger.NoEncoderForInpainting(predictor.Path, predictor.InputChannels.Value);
        return [];
    }

    private NoiseSchedule Schedule(string scheduler)
    {
        string path = index.SchedulerOf(scheduler);
        return SchedulerConfig.Load(path) is IDiscreteScheduler discrete ? discrete.Options.Schedule : throw new ModelFormatException(path, "is of a scheduler without a discrete noise schedule.");
    }

    /// <summary>What opens a model of the folder when it is needed. What can be checked without a session is checked now.</summary>
    /// <inheritdoc cref="Load{T}(string, string, Func{ModelSource, OnnxOptions, CancellationToken, T})"/>
    public Func<CancellationToken, T> Opening<T>(string component, string named, Func<ModelSource, OnnxOptions, CancellationToken, T> open) => Opening(models.Open(component, named), open);

    private Func<CancellationToken, T> Opening<T>(ModelSource source, Func<ModelSource, OnnxOptions, CancellationToken, T> open)
    {
        OnnxOptions onnx = options.Onnx with { LoggerFactory = options.Onnx.LoggerFactory ?? options.LoggerFactory };
        return token => open(source, onnx, token);
    }

    private Loading<T> Add<T>(string part, ModelSource source, Func<ModelSource, OnnxOptions, CancellationToken, T> open)
        where T : class, IDisposable
    {
        var model = new Loading<T>(part, source.Shaped?.Preparation ?? [], Opening(source, open));
        _models.Add(model);
        return model;
    }
}

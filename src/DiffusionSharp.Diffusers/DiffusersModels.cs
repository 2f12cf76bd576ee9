using System.Security.Cryptography;
using System.Text;
using DiffusionSharp.Diffusers.Architectures;
using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Lora;
using DiffusionSharp.Diffusers.Names;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.ModelFolders;
using DiffusionSharp.OnnxRuntime.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers;

/// <summary>The networks of a diffusers folder, whose graphs are written when they are asked for.</summary>
internal sealed class DiffusersModels : IFolderModels
{
    private const string MoVQ = "movq";
    private const string ControlNet = "controlnet";
    private const string TextProjection = "text_proj";
    private const int LargestPrepared = 256;

    private static readonly string[] TextEncoders = ["text_encoder", "text_encoder_2", "text_encoder_3", "prior_text_encoder", "bert"];
    private static readonly string[] Predictors = ["unet", "transformer"];
    private static readonly string[] OfUnclip = ["prior", TextProjection, "decoder", "super_res_first", "super_res_last", "image_normalizer"];
    private static readonly string[] Networks = [.. TextEncoders, .. Predictors, .. OfUnclip, .. FolderAutoencoder.Wholes, MoVQ, ControlNet];

    // Their T5 is told which tokens count.
    private static readonly string[] MaskedPipelines = ["PixArtAlphaPipeline", "PixArtSigmaPipeline", "IFPipeline", "IFSuperResolutionPipeline"];

    private static readonly string[] Classes =
    [
        nameof(UNet2DConditionModel), nameof(UNet2DModel), nameof(AutoencoderKL), nameof(VQModel), "CLIPTextModel", "CLIPTextModelWithProjection", nameof(T5EncoderModel), nameof(LDMBertModel),
        nameof(SD3Transformer2DModel), nameof(FluxTransformer2DModel), nameof(PixArtTransformer2DModel), nameof(ControlNetModel),
        nameof(PriorTransformer), nameof(UnCLIPTextProjModel),
    ];

    private readonly FolderIndex _index;
    private readonly DiffusersPipelineOptions _options;
    private readonly IReadOnlyDictionary<string, Checkpoint> _checkpoints;

    /// <summary>Reads the headers of all weights, and of the LoRAs that change them.</summary>
    public DiffusersModels(FolderIndex index, DiffusersPipelineOptions options)
    {
        (_index, _options) = (index, options);
        IReadOnlyDictionary<string, Checkpoint> single = options.SingleFile is { } file ? SingleFile.Open(file) : new Dictionary<string, Checkpoint>();
        var checkpoints = Networks
            .Where(network => index.ClassOf(network) is not null)
            .ToDictionary(network => network, network => single.GetValueOrDefault(network) ?? Checkpoint.Open(index.PathOf(network), NameOf(network), options.Variant));
        _checkpoints = LoraAdapters.Apply(options.Loras, checkpoints);
    }

    // An autoencoder is both of its halves.
    public bool Has(string component) => _checkpoints.ContainsKey(NetworkOf(component));

    public ModelSource Open(string component, string named)
    {
        string network = NetworkOf(component);
        string? className = _index.ClassOf(network);
        Checkpoint checkpoint = Require(network, named);
        NetworkConfig config = Config(network);
        bool takesResiduals = _checkpoints.ContainsKey(ControlNet);
        ModelSource source = className switch
        {
            nameof(UNet2DConditionModel) => UNet2DConditionModel.Build(checkpoint, config, takesResiduals),
            nameof(UNet2DModel) => UNet2DModel.Build(checkpoint, config),
            nameof(AutoencoderKL) when component == FolderAutoencoder.EncoderName => AutoencoderKL.BuildEncoder(checkpoint, config),
            nameof(AutoencoderKL) => AutoencoderKL.BuildDecoder(checkpoint, config),
            nameof(VQModel) when component == FolderAutoencoder.EncoderName => VQModel.BuildEncoder(checkpoint, config),
            nameof(VQModel) => VQModel.BuildDecoder(checkpoint, config, quantizes: network != MoVQ),
            "CLIPTextModel" => ClipTextModel.Build(checkpoint, config, withProjection: false),
            "CLIPTextModelWithProjection" => ClipTextModel.Build(checkpoint, config, withProjection: true),
            nameof(T5EncoderModel) => T5EncoderModel.Build(checkpoint, config, takesMask: MaskedPipelines.Any(name => _index.IsClass(name))),
            nameof(LDMBertModel) => LDMBertModel.Build(checkpoint, config),
            nameof(SD3Transformer2DModel) => SD3Transformer2DModel.Build(checkpoint, config),
            nameof(FluxTransformer2DModel) => FluxTransformer2DModel.Build(checkpoint, config),
            nameof(PixArtTransformer2DModel) => PixArtTransformer2DModel.Build(checkpoint, config),
            nameof(ControlNetModel) => ControlNetModel.Build(checkpoint, config),
            nameof(PriorTransformer) => PriorTransformer.Build(checkpoint, config),
            nameof(UnCLIPTextProjModel) => UnCLIPTextProjModel.Build(checkpoint, config, isGuided: component == TextProjection),
            _ => throw new ModelFormatException(_index.Path, $"the '{network}' is a {className}, whose graph is not known; known are {string.Join(", ", Classes)}."),
        };

        // The graph for any size then is for those that have no graph of their own, and for what is asked of the network.
        return _options.Fast is null
            ? _options.MapsWeights ? source.Mapped() : source
            : className switch
            {
                nameof(UNet2DConditionModel) when UNet2DConditionModel.HasFast(config) => source.Mapped(Shaped(network, (shape, cache) => UNet2DConditionModel.BuildFast(checkpoint, Config(network), takesResiduals, shape, cache))),
                nameof(AutoencoderKL) when component != FolderAutoencoder.EncoderName => source.Mapped(Shaped(network, (shape, cache) => FastDecoder.Build(checkpoint, Config(network), shape, cache))),
                _ => source,
            };
    }

    public IReadOnlyList<float> Vector(string component, string name, string exported)
    {
        Checkpoint checkpoint = Require(component, component);
        return checkpoint.Tensors.TryGetValue(name, out StoredTensor? tensor)
            ? tensor.ReadFloats()
            : throw new ModelFormatException(checkpoint.Path, $"the tensor '{name}' is missing.");
    }

    private Checkpoint Require(string network, string named) => _checkpoints.TryGetValue(network, out Checkpoint? checkpoint)
        ? checkpoint
        : throw new ModelFormatException(_index.Path, _index.ClassOf(network) is null ? $"names no '{named}'." : $"has a '{network}', which is not read from safetensors.");

    // Weights are transformed while the folder is loaded for the size that it was trained at, and for others when these are first drawn.
    private ShapedGraphs Shaped(string network, Func<IReadOnlyList<long>, WinogradCache, ModelSource?> build)
    {
        FastSizes fast = _options.Fast!;
        string folder = CacheFolder(fast, network, _checkpoints[network]);
        var trained = new WinogradCache(folder);
        if (TrainedSide is { } side)
        {
            build([1, 1, side, side], trained);
        }

        return new ShapedGraphs(Of, fast.Kept) { Preparation = trained.Missing };

        ModelSource? Of(IReadOnlyList<long> shape, CancellationToken cancellationToken)
        {
            var cache = new WinogradCache(folder);
            ModelSource? graph = build(shape, cache);
            cache.MakeMissing(cancellationToken);
            return graph;
        }
    }

    // In latents; null where it is not known, or so large that it is no size for a processor.
    private int? TrainedSide => Predictors
        .Select(predictor => UNetConfig.Beside(_index.PathOf(predictor, "config.json")).SampleSize)
        .FirstOrDefault(size => size is <= LargestPrepared);

    private NetworkConfig Config(string network) => NetworkConfig.Load(_index.PathOf(network));

    // Weights of another place have another folder, also where one is named for all.
    private static string CacheFolder(FastSizes fast, string network, Checkpoint checkpoint)
    {
        string beside = $"{checkpoint.Path}.{network}.winograd";
        return fast.CacheFolder is null ? beside : Path.Combine(fast.CacheFolder, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(beside)))[..16]);
    }

    // As transformers and diffusers call the file.
    private static string NameOf(string network) => TextEncoders.Contains(network) ? "model" : "diffusion_pytorch_model";

    // Halves are those of the autoencoder that there is.
    private string NetworkOf(string component) => component switch
    {
        FolderAutoencoder.DecoderName or FolderAutoencoder.EncoderName => FolderAutoencoder.Wholes.FirstOrDefault(name => _index.ClassOf(name) is not null) ?? component,
        $"{MoVQ}_decoder" => MoVQ,
        $"{TextProjection}_unguided" => TextProjection,
        _ => component,
    };
}

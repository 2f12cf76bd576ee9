using System.Text.Json;
using DiffusionSharp.Configuration;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// The <c>model_index.json</c> of a folder and the files that it names. Nothing is guessed from absence: what the index names must be there,
/// what lies there must be named, and a component that is not known is refused.
/// </summary>
internal sealed class FolderIndex
{
    private static readonly string[] Read = ["tokenizer", "text_encoder", "unet", "vae", "vqvae", "vae_decoder", "vae_encoder", "scheduler"];

    // Without these a picture is the same. The last one is for requests that bring the small picture themselves.
    private static readonly string[] Dispensable = ["safety_checker", "feature_extractor", "image_encoder", "watermarker", "low_res_scheduler"];
    private static readonly string[] PixelPipelines = ["DDPMPipeline", "DDIMPipeline", "PNDMPipeline", "ScoreSdeVePipeline", "KarrasVePipeline", "ConsistencyModelPipeline", "RePaintPipeline"];
    private static readonly string[] Autoencoders = ["vae", "vqvae"];
    private static readonly string[] Tokenizers = ["CLIPTokenizer", "CLIPTokenizerFast"];

    private readonly string _folder;
    private readonly ConfigFile _index;

    private FolderIndex(string folder, ConfigFile index)
    {
        (_folder, _index) = (folder, index);
        RequireKnownComponents();
        UNet = ModelOf("unet", "unet");
        TextEncoder = ReadTextEncoder();
        string? autoencoder = Array.Find(Autoencoders, name => ClassOf(name) is not null);
        Decoder = ReadHalf("vae_decoder", autoencoder);
        Encoder = ReadHalf("vae_encoder", Directory.Exists(PathOf("vae_encoder")) ? autoencoder : null);
        if (Decoder is null)
        {
            RequireNoFolder("vae_decoder");
        }

        AutoencoderWithoutEncoder = Encoder is null ? autoencoder : null;
    }

    public string Path => _index.Path;

    /// <summary>The pipeline's class, where the index says it.</summary>
    public string? PipelineClass => _index.Text("_class_name");

    /// <summary>Whether that is a pipeline of diffusers' that has no autoencoder.</summary>
    public bool IsOfPixels => PixelPipelines.Contains(PipelineClass);

    public string UNet { get; }

    /// <summary>The model file; null for models without a prompt.</summary>
    public string? TextEncoder { get; }

    public string TokenizerFolder => PathOf("tokenizer");

    public string Scheduler => ClassOf("scheduler") is not null
        ? PathOf("scheduler", "scheduler_config.json")
        : throw new ModelFormatException(Path, $"names no 'scheduler': set {nameof(OnnxPipelineOptions)}.{nameof(OnnxPipelineOptions.Scheduler)}.");

    /// <summary>The model file; null for models that diffuse pixels.</summary>
    public string? Decoder { get; }

    /// <summary>The model file; null where pictures can only be drawn.</summary>
    public string? Encoder { get; }

    /// <summary>The name of an autoencoder of which the folder has only the decoder.</summary>
    public string? AutoencoderWithoutEncoder { get; }

    /// <summary>The configurations that may describe the latent space, the likeliest first.</summary>
    public IEnumerable<string> LatentSpaceConfigs => ((string[])["vae_decoder", .. Autoencoders, "vae_encoder"]).Select(name => PathOf(name, "config.json"));

    public static FolderIndex Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ModelFormatException(folder, "the model folder does not exist.");
        }

        string path = System.IO.Path.Combine(folder, "model_index.json");
        return new FolderIndex(folder, ConfigFile.LoadIfPresent(path) ?? throw new ModelFormatException(path, "the file is missing, so this is not a model folder."));
    }

    public void LogUnused(ILogger logger)
    {
        foreach (string name in Dispensable)
        {
            if (ClassOf(name) is { } className)
            {
                logger.ComponentNotUsed(Path, name, className);
            }
        }

        if (AutoencoderWithoutEncoder is { } autoencoder)
        {
            logger.NoEncoder(Path, autoencoder);
        }
    }

    private void RequireKnownComponents()
    {
        foreach (JsonProperty property in _index.Root.EnumerateObject())
        {
            string name = property.Name;
            bool isKnown = Read.Contains(name) || Dispensable.Contains(name);
            if ((isKnown || IsComponent(property.Value)) && ClassOf(name) is { } className && !isKnown)
            {
                throw new ModelFormatException(Path, $"the model has a '{name}' ({className}), which this loader does not know: known are {string.Join(", ", Read)}.");
            }
        }
    }

    private string? ReadTextEncoder()
    {
        if (ClassOf("text_encoder") is null)
        {
            RequireNoFolder("text_encoder");
            return null;
        }

        string tokenizer = ClassOf("tokenizer") ?? throw new ModelFormatException(Path, "names a 'text_encoder', but no 'tokenizer'.");
        return Tokenizers.Contains(tokenizer)
            ? ModelOf("text_encoder", "text_encoder")
            : throw new ModelFormatException(Path, $"the 'tokenizer' is a {tokenizer}; known are {string.Join(", ", Tokenizers)}.");
    }

    // The index names the half itself, or the whole autoencoder.
    private string? ReadHalf(string half, string? autoencoder)
    {
        string? named = ClassOf(half) is null ? autoencoder : half;
        return named is null ? null : ModelOf(half, named);
    }

    private void RequireNoFolder(string component)
    {
        if (Directory.Exists(PathOf(component)) && Directory.EnumerateFiles(PathOf(component), "*.onnx").Any())
        {
            throw new ModelFormatException(Path, $"does not name '{component}', but the folder has one: name it, or take the folder '{component}' away.");
        }
    }

    private string ModelOf(string component, string named)
    {
        if (ClassOf(named) is null)
        {
            throw new ModelFormatException(Path, $"names no '{named}'.");
        }

        string expected = PathOf(component, "model.onnx");
        if (File.Exists(expected))
        {
            return expected;
        }

        string[] found = Directory.Exists(PathOf(component)) ? [.. Directory.EnumerateFiles(PathOf(component)).Order(StringComparer.Ordinal)] : [];
        string[] models = [.. found.Where(file => file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))];
        return models.Length == 1
            ? models[0]
            : throw new ModelFormatException(expected, $"the model file is missing, but model_index.json names '{named}'. {FoundInstead(component, found, models)}");
    }

    private static string FoundInstead(string component, string[] found, string[] models)
    {
        string names = string.Join(", ", found.Take(10).Select(file => $"'{System.IO.Path.GetFileName(file)}'"));
        return (found.Length, models.Length) switch
        {
            (0, _) => $"The folder '{component}' is not there or is empty.",
            (_, > 1) => $"Of {names} it is not said which one is meant: name it model.onnx.",
            _ when found.Any(file => file.EndsWith(".safetensors", StringComparison.Ordinal) || file.EndsWith(".bin", StringComparison.Ordinal)) => $"Found {names}: PyTorch's weights, which have to be exported to ONNX.",
            _ => $"Found {names}.",
        };
    }

    /// <summary>The class of a component, or null where the index does not name it or leaves it empty.</summary>
    private string? ClassOf(string name)
    {
        if (_index.List(name, "a list of two names") is not { } pair)
        {
            return null;
        }

        return pair switch
        {
            [{ ValueKind: JsonValueKind.Null }, { ValueKind: JsonValueKind.Null }] => null,
            [{ ValueKind: JsonValueKind.String or JsonValueKind.Null }, { ValueKind: JsonValueKind.String } className] => className.GetString(),
            _ => throw _index.Wrong(name, "a list of two names", _index.Root.GetProperty(name)),
        };
    }

    private static bool IsComponent(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2 && value[1].ValueKind == JsonValueKind.String;

    private string PathOf(params ReadOnlySpan<string> names) => System.IO.Path.Combine([_folder, .. names]);
}

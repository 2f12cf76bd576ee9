using DiffusionSharp.Diffusers.Tests.Support;

namespace DiffusionSharp.Diffusers.Tests.Hub;

/// <summary>Of a model only those files are downloaded that are read.</summary>
public sealed class HubSelectionTests : IDisposable
{
    private const string Index = """
        {"_class_name":"StableDiffusionPipeline","scheduler":["diffusers","PNDMScheduler"],"text_encoder":["transformers","CLIPTextModel"],"tokenizer":["transformers","CLIPTokenizer"],
         "unet":["diffusers","UNet2DConditionModel"],"vae":["diffusers","AutoencoderKL"],"safety_checker":["stable_diffusion","StableDiffusionSafetyChecker"],"feature_extractor":["transformers","CLIPImageProcessor"]}
        """;

    private static readonly string[] Always =
    [
        "model_index.json", "scheduler/scheduler_config.json", "text_encoder/config.json", "tokenizer/merges.txt", "tokenizer/vocab.json", "unet/config.json", "vae/config.json",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly TestHub _hub = new();

    public HubSelectionTests()
    {
        Add([.. Always, "README.md", "v1-5-pruned.safetensors", "safety_checker/config.json", "safety_checker/model.safetensors", "feature_extractor/preprocessor_config.json"]);
        Add("text_encoder/model.safetensors", "text_encoder/model.fp16.safetensors", "text_encoder/pytorch_model.bin", "text_encoder/flax_model.msgpack", "text_encoder/model.onnx");
        Add("unet/diffusion_pytorch_model.safetensors", "unet/diffusion_pytorch_model.fp16.safetensors", "unet/diffusion_pytorch_model.non_ema.safetensors", "unet/diffusion_pytorch_model.bin");
        Add("vae/diffusion_pytorch_model.safetensors");
        _hub.Files["model_index.json"] = System.Text.Encoding.UTF8.GetBytes(Index);
        _hub.Start();
    }

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Configurations_tokenizer_and_one_form_of_weights() =>
        await Is(null, "text_encoder/model.safetensors", "unet/diffusion_pytorch_model.safetensors", "vae/diffusion_pytorch_model.safetensors");

    [Fact]
    public async Task The_variant_where_there_is_one() =>
        await Is("fp16", "text_encoder/model.fp16.safetensors", "unet/diffusion_pytorch_model.fp16.safetensors", "vae/diffusion_pytorch_model.safetensors");

    [Fact]
    public async Task Weights_in_several_files()
    {
        _hub.Files.Remove("unet/diffusion_pytorch_model.safetensors");
        string[] shards = ["unet/diffusion_pytorch_model-00001-of-00002.safetensors", "unet/diffusion_pytorch_model-00002-of-00002.safetensors", "unet/diffusion_pytorch_model.safetensors.index.json"];
        Add([.. shards, "unet/diffusion_pytorch_model.safetensors.index.bf16.json", "unet/diffusion_pytorch_model.bf16-00001-of-00001.safetensors"]);

        await Is(null, ["text_encoder/model.safetensors", .. shards, "vae/diffusion_pytorch_model.safetensors"]);
    }

    [Fact]
    public async Task Weights_that_are_pickles_only_are_refused()
    {
        _hub.Files.Remove("unet/diffusion_pytorch_model.safetensors");
        _hub.Files.Remove("unet/diffusion_pytorch_model.fp16.safetensors");

        Assert.Contains("only as Python pickles", (await Assert.ThrowsAsync<ModelDownloadException>(() => DownloadAsync(null))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_of_model_that_is_not_known_is_refused_before_its_weights_are_downloaded()
    {
        _hub.Files["model_index.json"] = """{"_class_name":"VideoPipeline"}"""u8.ToArray();

        await Assert.ThrowsAsync<ModelFormatException>(() => DownloadAsync(null));
        Assert.Equal(2, _hub.Requests.Count);
    }

    [Fact]
    public async Task A_network_by_itself()
    {
        _hub.Files.Clear();
        Add("config.json", "README.md", "diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.fp16.safetensors", "images/a.png");

        Assert.Equal(["config.json", "diffusion_pytorch_model.safetensors"], Found(await DownloadAsync(null)));
    }

    private async Task Is(string? variant, params string[] weights) => Assert.Equal(Always.Concat(weights).Order(StringComparer.Ordinal), Found(await DownloadAsync(variant)));

    private Task<string> DownloadAsync(string? variant) =>
        ModelHub.DownloadAsync("owner/name", options: new ModelHubOptions { Endpoint = _hub.Address, CacheFolder = _folder.Path, Variant = variant });

    private static string[] Found(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    private void Add(params string[] paths)
    {
        foreach (string path in paths)
        {
            _hub.Files[path] = System.Text.Encoding.UTF8.GetBytes(path);
        }
    }
}

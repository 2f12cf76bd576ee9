using System.Runtime.InteropServices;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Diffusers.Tests.Pipelines;

/// <summary>
/// A small Stable Diffusion with random float16 weights, as diffusers 0.31 saved it, makes the picture that diffusers makes of them in float32. Latents
/// and picture were recorded there.
/// </summary>
public sealed class PublishedFolderTests
{
    private const double LatentTolerance = 1e-4;
    private const double PictureTolerance = 1.0 / 255;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "sd1");
    private static readonly TextToImageRequest Apple = new("a red apple") { Seed = 7, Steps = 10, GuidanceScale = 7.5f, Width = 64, Height = 64 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_makes_the_picture_of_diffusers(bool mapsWeights)
    {
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(Folder, new DiffusersPipelineOptions { Variant = "fp16", MapsWeights = mapsWeights });

        SamePicture(pipeline.Generate(Apple));
    }

    [Fact]
    public void It_makes_the_same_picture_with_graphs_for_its_size()
    {
        using var folder = new TemporaryFolder();
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(Folder, new DiffusersPipelineOptions { Variant = "fp16", Fast = new FastSizes { CacheFolder = folder.Path } });

        SamePicture(pipeline.Generate(Apple));

        string decoder = Assert.Single(Directory.GetDirectories(folder.Path));
        Assert.All(Directory.GetFiles(decoder), file => Assert.EndsWith(".safetensors", file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Transforming_weights_is_watched_and_stopped_while_the_folder_is_loaded()
    {
        using var folder = new TemporaryFolder();
        var options = new DiffusersPipelineOptions { Variant = "fp16", Fast = new FastSizes { CacheFolder = folder.Path } };
        using var stop = new CancellationTokenSource();
        var stopping = new Reports(progress =>
        {
            if (progress.Part == "vae_decoder")
            {
                stop.Cancel();
            }
        });

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DiffusersPipeline.LoadAsync(Folder, options, stopping, stop.Token));

        Assert.Equal(stop.Token, error.CancellationToken);
        Assert.EndsWith(".safetensors", Assert.Single(Files(folder)), StringComparison.Ordinal);
        var reports = new List<LoadProgress>();
        using DiffusionPipeline pipeline = await DiffusersPipeline.LoadAsync(Folder, options, new Reports(reports.Add));
        int filters = Files(folder).Length;
        Assert.True(filters > 10, $"{filters} convolutions were transformed.");
        Assert.Equal(filters - 1 + 3, reports.Count);
        Assert.Equal(filters, reports.Count(progress => progress.Part == "vae_decoder"));
        Assert.Equal(Enumerable.Range(1, reports.Count).Select(done => (done, reports.Count)), reports.Select(progress => (progress.Done, progress.Count)));
        SamePicture(pipeline.Generate(Apple));
        Assert.Equal(filters, Files(folder).Length);
    }

    [Fact]
    public void Graphs_for_sizes_are_refused_on_a_device()
    {
        var options = new DiffusersPipelineOptions { Fast = new FastSizes(), Onnx = new OnnxOptions { Provider = ExecutionProvider.Cuda } };

        Assert.Contains("Cuda", Assert.Throws<ArgumentException>(() => DiffusersPipeline.Load(Folder, options)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FastSizes { Kept = 0 });
    }

    [Fact]
    public async Task It_loads_on_other_threads_and_says_how_far_it_is()
    {
        var parts = new List<string>();

        using DiffusionPipeline pipeline = await DiffusersPipeline.LoadAsync(Folder, new DiffusersPipelineOptions { Variant = "fp16" }, new Reports(progress => parts.Add(progress.Part)));

        Assert.Equal(["text_encoder", "unet", "vae_decoder"], parts.Order());
    }

    [Fact]
    public void The_variant_that_is_there_is_named_where_another_is_asked_for()
    {
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => DiffusersPipeline.Load(Folder));

        Assert.Contains("model.fp16.safetensors", error.Problem, StringComparison.Ordinal);
    }

    private static string[] Files(TemporaryFolder folder) => Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);

    private static void SamePicture(GenerationResult result)
    {
        Assert.InRange(Numbers.RelativeDifference(Recorded("latents"), Numbers.Of(result.Latents)), 0, LatentTolerance);
        Assert.InRange(Numbers.LargestDifference(Recorded("image"), [.. Numbers.Of(result.Images[0].Pixels).Select(value => Math.Clamp((value + 1) / 2, 0, 1))]), 0, PictureTolerance);
    }

    private static float[] Recorded(string name) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Folder, "expected", $"{name}.f32"))).ToArray();

    private sealed class Reports(Action<LoadProgress> report) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => report(value);
    }
}

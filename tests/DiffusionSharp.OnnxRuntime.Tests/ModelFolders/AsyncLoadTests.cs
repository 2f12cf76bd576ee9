using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Tests.ModelFolders;

/// <summary>Loading that is awaited, watched and stopped.</summary>
public class AsyncLoadTests
{
    private static readonly string[] Parts = ["text_encoder", "unet", "vae_decoder"];

    [Theory]
    [InlineData(SessionLifetime.KeepLoaded)]
    [InlineData(SessionLifetime.UnloadAfterUse)]
    public async Task Every_part_is_reported_and_the_pipeline_is_that_of_Load(SessionLifetime lifetime)
    {
        using var folder = new ModelFolder("optimum-float32");
        var progress = new Reports();
        var options = new OnnxPipelineOptions { Onnx = new OnnxOptions { Lifetime = lifetime } };
        using DiffusionPipeline awaited = await OnnxDiffusionPipeline.LoadAsync(folder.Path, options, progress);
        Assert.Equal(Parts, progress.List.Select(report => report.Part).Order(StringComparer.Ordinal));
        Assert.Equal([(1, 3), (2, 3), (3, 3)], progress.List.Select(report => (report.Done, report.Count)));

        using DiffusionPipeline expected = OnnxDiffusionPipeline.Load(folder.Path);
        var request = new TextToImageRequest("red") { Steps = 2, Seed = 1 };
        Assertions.SameBits(expected.Generate(request).Latents.Values(), awaited.Generate(request).Latents.Values());
    }

    [Fact]
    public async Task A_token_that_is_cancelled_beforehand_stops_it_before_any_work()
    {
        using var folder = new ModelFolder("optimum-float32");
        int sessions = 0;
        var options = new OnnxPipelineOptions { Onnx = new OnnxOptions { Configure = _ => Interlocked.Increment(ref sessions) } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OnnxDiffusionPipeline.LoadAsync(folder.Path, options, null, new CancellationToken(true)));
        Assert.Equal(0, sessions);
    }

    [Theory]
    [InlineData(SessionLifetime.KeepLoaded)]
    [InlineData(SessionLifetime.UnloadAfterUse)]
    public async Task Stopped_after_any_part_it_keeps_none(SessionLifetime lifetime)
    {
        using var folder = new ModelFolder("optimum-float32");
        for (int after = 1; after <= 3; after++)
        {
            using var stop = new CancellationTokenSource();
            int done = after;
            var progress = new Reports(report =>
            {
                if (report.Done == done)
                {
                    stop.Cancel();
                }
            });
            var options = new OnnxPipelineOptions { Onnx = new OnnxOptions { Lifetime = lifetime } };
            var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OnnxDiffusionPipeline.LoadAsync(folder.Path, options, progress, stop.Token));
            Assert.Equal(stop.Token, error.CancellationToken);
            AssertReleased(folder);
        }
    }

    [Fact]
    public async Task Stopped_inside_of_a_model_the_model_is_not_finished()
    {
        using var folder = new ModelFolder("optimum-float32");
        using var stop = new CancellationTokenSource();
        var options = new OnnxPipelineOptions { Onnx = new OnnxOptions { Configure = _ => stop.Cancel() } };
        var progress = new Reports();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OnnxDiffusionPipeline.LoadAsync(folder.Path, options, progress, stop.Token));
        Assert.Empty(progress.List);
        AssertReleased(folder);
    }

    [Fact]
    public async Task A_part_that_fails_stops_the_others_and_is_thrown_as_it_is()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Write("vae_decoder/model.onnx", "damaged");
        var error = await Assert.ThrowsAsync<ModelFormatException>(() => OnnxDiffusionPipeline.LoadAsync(folder.Path));
        Assert.Equal(folder.File("vae_decoder/model.onnx"), error.Path);
        AssertReleased(folder);
    }

    [Fact]
    public async Task A_progress_that_throws_is_passed_on_and_keeps_no_model()
    {
        using var folder = new ModelFolder("optimum-float32");
        await Assert.ThrowsAsync<FormatException>(() => OnnxDiffusionPipeline.LoadAsync(folder.Path, null, new Reports(_ => throw new FormatException("mine"))));
        AssertReleased(folder);
    }

    [Fact]
    public void A_model_from_memory_predicts_as_from_its_file()
    {
        byte[] bytes = File.ReadAllBytes(Fixture.Path("predictors/optimum-float32.onnx"));
        using OnnxNoisePredictor expected = Fixture.Predictor("optimum-float32");
        using var actual = new OnnxNoisePredictor(bytes, new OnnxOptions { Lifetime = SessionLifetime.UnloadAfterUse });
        Assertions.SameBits(Predict(expected), Predict(actual));
        Assert.Throws<ModelFormatException>(() => new OnnxNoisePredictor(bytes[..^100], name: "mine")).Says("mine: ", "cannot load");
        using var decoder = new OnnxLatentDecoder(File.ReadAllBytes(Fixture.Path("decoders/float32.onnx")), new Latents.LatentSpace());
        using var encoder = new OnnxLatentEncoder(File.ReadAllBytes(Fixture.Path("encoders/parameters-float32.onnx")), new Latents.LatentSpace());
        using var text = new OnnxTextEncoder(File.ReadAllBytes(Fixture.Path("text-encoders/int64.onnx")), new LetterTokenizer());
        Assert.Equal([1, 8, 4], text.Encode(["red"]).Parts.Context!.Lengths.ToArray());
    }

    private static float[] Predict(OnnxNoisePredictor predictor)
    {
        using Prediction.IPredictionRun run = predictor.Start(Plans.WithContext());
        Values.Array(run.Sample.Length).CopyTo(run.Sample);
        run.Predict(7);
        return run.Prediction.ToArray();
    }

    // See FailedLoadTests.
    private static void AssertReleased(ModelFolder folder) =>
        Assert.False(OperatingSystem.IsLinux() && File.ReadLines("/proc/self/maps").Any(line => line.Contains(folder.Path, StringComparison.Ordinal)));

    private sealed class Reports(Action<LoadProgress>? then = null) : IProgress<LoadProgress>
    {
        public List<LoadProgress> List { get; } = [];

        public void Report(LoadProgress value)
        {
            List.Add(value);
            then?.Invoke(value);
        }
    }
}

using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>
/// Cancelling stops inside a model call. The models of these tests count to 10^12, more than a quarter of an hour at a nanosecond each,
/// so that the tests end only if it does.
/// </summary>
public class CancellationTests
{
    private static readonly LatentSpace Space = new() { Channels = 4, DownsamplingFactor = 1 };

    [Fact]
    public void A_prediction_stops()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("endless");
        Stops(token =>
        {
            using IPredictionRun run = predictor.Start(Plans.WithoutConditions() with { CancellationToken = token });
            run.Predict(1);
        });
    }

    [Fact]
    public void Encoding_a_text_stops()
    {
        using var encoder = new OnnxTextEncoder(Fixture.Path("text-encoders/endless.onnx"), new LetterTokenizer());
        Stops(token => encoder.Encode(["red"], token));
    }

    [Fact]
    public void Decoding_stops()
    {
        using var decoder = new OnnxLatentDecoder(Fixture.Path("decoders/endless.onnx"), Space);
        Stops(token => decoder.Decode(Values.Tensor(0, 1, 4, 2, 2), DecodingContext.None, token));
    }

    [Fact]
    public void Encoding_a_picture_stops()
    {
        using var encoder = new OnnxLatentEncoder(Fixture.Path("encoders/endless.onnx"), Space);
        Stops(token => encoder.Encode(Values.Tensor(0, 1, 3, 2, 2), new TorchCpuNoise(0UL), token));
    }

    [Fact]
    public async Task A_cancelled_prediction_leaves_its_neighbour_running()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("endless");
        using var ofNeighbour = new CancellationTokenSource();
        Task neighbour = Task.Factory.StartNew(() => Predict(ofNeighbour.Token), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Stops(Predict);
        Assert.False(neighbour.IsCompleted);
        await ofNeighbour.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => neighbour);

        void Predict(CancellationToken token)
        {
            using IPredictionRun run = predictor.Start(Plans.WithoutConditions() with { CancellationToken = token });
            run.Predict(1);
        }
    }

    [Fact]
    public void What_is_cancelled_beforehand_does_not_begin()
    {
        var cancelled = new CancellationToken(canceled: true);
        using OnnxNoisePredictor predictor = Fixture.Predictor("endless");
        using IPredictionRun run = predictor.Start(Plans.WithoutConditions() with { CancellationToken = cancelled });
        Assert.Throws<OperationCanceledException>(() => run.Predict(1));

        using var textEncoder = new OnnxTextEncoder(Fixture.Path("text-encoders/endless.onnx"), new LetterTokenizer());
        Assert.Throws<OperationCanceledException>(() => textEncoder.Encode(["red"], cancelled));
    }

    private static void Stops(Action<CancellationToken> call)
    {
        using var cancellation = new CancellationTokenSource();
        using var started = new ManualResetEventSlim();
        Task running = Task.Factory.StartNew(Run, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        started.Wait();

        // So that the call is inside the model by then; were it not, the test would show less but still be right.
        Thread.Sleep(200);
        Assert.False(running.IsCompleted, "The model returned by itself.");
        cancellation.Cancel();
        var stopped = Assert.Throws<OperationCanceledException>(() => running.GetAwaiter().GetResult());
        Assert.Equal(cancellation.Token, stopped.CancellationToken);

        void Run()
        {
            started.Set();
            call(cancellation.Token);
        }
    }
}

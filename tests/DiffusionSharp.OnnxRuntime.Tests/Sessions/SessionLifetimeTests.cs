using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Tests.Sessions;

/// <summary>When a model is in memory, counted by how often its file is loaded.</summary>
public class SessionLifetimeTests
{
    private static readonly LatentSpace Space = new() { Channels = 4, DownsamplingFactor = 2 };
    private int _loads;

    private OnnxOptions KeepLoaded => new() { Configure = _ => Interlocked.Increment(ref _loads) };

    private OnnxOptions UnloadAfterUse => KeepLoaded with { Lifetime = SessionLifetime.UnloadAfterUse };

    [Fact]
    public void A_session_is_loaded_while_anybody_has_a_lease()
    {
        using OnnxSession session = OnnxSession.Load(ModelSource.File(Fixture.Path("predictors/optimum-float32.onnx")), UnloadAfterUse);
        Assert.False(session.IsLoaded);
        Assert.Equal((4, 1), (session.Inputs["sample"].Fixed(1), _loads));
        SessionLease one = session.Acquire(CancellationToken.None);
        SessionLease two = session.Acquire(CancellationToken.None);
        Assert.Equal(2, _loads);
        one.Dispose();
        one.Dispose();
        Assert.True(session.IsLoaded);
        two.Dispose();
        Assert.False(session.IsLoaded);
        session.Acquire(CancellationToken.None).Dispose();
        Assert.Equal((false, 3), (session.IsLoaded, _loads));
    }

    [Fact]
    public void A_session_that_is_kept_is_loaded_once_and_freed_when_it_is_disposed()
    {
        OnnxSession session = OnnxSession.Load(ModelSource.File(Fixture.Path("predictors/optimum-float32.onnx")), KeepLoaded);
        session.Acquire(CancellationToken.None).Dispose();
        Assert.Equal((true, 1), (session.IsLoaded, _loads));
        SessionLease last = session.Acquire(CancellationToken.None);
        session.Dispose();
        Assert.True(session.IsLoaded);
        last.Dispose();
        Assert.False(session.IsLoaded);
        Assert.Throws<ObjectDisposedException>(() => session.Acquire(CancellationToken.None));
    }

    [Theory]
    [InlineData(SessionLifetime.KeepLoaded, 1)]
    [InlineData(SessionLifetime.UnloadAfterUse, 3)]
    public void Every_part_is_loaded_for_each_use(SessionLifetime lifetime, int loads)
    {
        OnnxOptions options = KeepLoaded with { Lifetime = lifetime };
        using var textEncoder = new OnnxTextEncoder(Fixture.Path("text-encoders/int64.onnx"), new LetterTokenizer(), options);
        AssertLoads(() => textEncoder.Encode(["red", "blue"]));
        using var decoder = new OnnxLatentDecoder(Fixture.Path("decoders/one-picture.onnx"), Space, options);
        AssertLoads(() => decoder.Decode(Values.Tensor(0, 3, 4, 2, 2)));
        using var encoder = new OnnxLatentEncoder(Fixture.Path("encoders/sample-float32.onnx"), Space, options);
        AssertLoads(() => encoder.Encode(Values.Tensor(0, 1, 3, 4, 4), new TorchCpuNoise(0UL)));
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32", options);
        AssertLoads(() =>
        {
            using IPredictionRun run = predictor.Start(Plans.WithContext());
            run.Predict(1);
            run.Predict(0);
        });

        // Once to know the model, then for each use of the two.
        void AssertLoads(Action use)
        {
            use();
            use();
            Assert.Equal(loads, Interlocked.Exchange(ref _loads, 0));
        }
    }

    [Fact]
    public void A_finished_run_frees_the_model_and_keeps_its_prediction()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32", UnloadAfterUse);
        PredictionPlan plan = Plans.WithContext();
        using IPredictionRun run = predictor.Start(plan);
        float[] sample = Values.Array(plan.Shape.Length);
        sample.CopyTo(run.Sample);
        run.Predict(500);
        Assert.True(predictor.IsLoaded);
        run.Finish();
        Assert.False(predictor.IsLoaded);

        // A few float32 roundings of values below 4.
        Assertions.Near(PredictorFormula.Compute(sample, 500, plan.Shape, plan.Conditioning), run.Prediction, 1e-6);
        Assert.Throws<ObjectDisposedException>(() => run.Predict(1));
    }

    [Fact]
    public void A_finished_run_frees_the_model_behind_batches_too()
    {
        OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32", UnloadAfterUse);
        using var batching = new BatchingNoisePredictor(predictor);
        using IPredictionRun run = batching.Start(Plans.WithContext());
        run.Predict(500);
        Assert.True(predictor.IsLoaded);
        run.Finish();
        Assert.False(predictor.IsLoaded);
    }

    [Fact]
    public async Task Generations_beside_each_other_share_what_is_loaded()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32", UnloadAfterUse);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                PredictionPlan plan = Plans.WithContext();
                using IPredictionRun run = predictor.Start(plan);
                float[] sample = Values.Array(plan.Shape.Length, number);
                sample.CopyTo(run.Sample);
                run.Predict(number);
                Assertions.Near(PredictorFormula.Compute(sample, number, plan.Shape, plan.Conditioning), run.Prediction, 1e-6);
            }
        })));
        Assert.False(predictor.IsLoaded);
        Assert.InRange(_loads, 2, 161);
    }

    [Fact]
    public void A_file_that_is_gone_when_it_is_needed_again_is_named()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.onnx");
        File.Copy(Fixture.Path("predictors/optimum-float32.onnx"), path);
        using var predictor = new OnnxNoisePredictor(path, UnloadAfterUse);
        File.Delete(path);
        Assert.Throws<ModelFormatException>(() => predictor.Start(Plans.WithContext())).Says(path);
    }
}

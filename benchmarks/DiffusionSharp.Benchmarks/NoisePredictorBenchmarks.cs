using BenchmarkDotNet.Attributes;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using Tensor = System.Numerics.Tensors.Tensor;

namespace DiffusionSharp.Benchmarks;

/// <summary>One evaluation of the embedded model's UNet, batch 2 as for guidance, beside the bare session with bound buffers.</summary>
public class NoisePredictorBenchmarks
{
    private EmojiModel _bare = null!;
    private OnnxNoisePredictor _predictor = null!;
    private IPredictionRun _run = null!;
    private StepPoint _at;

    [GlobalSetup]
    public void Setup()
    {
        _bare = new EmojiModel(batch: 2);
        _predictor = new OnnxNoisePredictor(EmojiModel.PathOf("unet"));
        var shape = new SampleShape(2, EmojiModel.LatentChannels, EmojiModel.LatentSide, EmojiModel.LatentSide);
        _at = MiddleCall.Of(shape);
        Array.Fill(_bare.Timestep, (float)_at.Level.Timestep);
        _run = _predictor.Start(new PredictionPlan(shape, Conditioning.None.With(ConditionNames.Context, Tensor.Create(_bare.Context, [2, EmojiModel.Tokens, EmojiModel.ContextWidth]))));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _run.Dispose();
        _predictor.Dispose();
        _bare.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void BareSession() => _bare.RunUNet();

    [Benchmark]
    public void Predict() => _run.Predict(_at);
}

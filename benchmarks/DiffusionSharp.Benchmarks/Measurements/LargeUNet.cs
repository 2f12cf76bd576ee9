using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>
/// A UNet of Stable Diffusion's size as <c>benchmarks/models/make_sd_unet.py</c> makes it, at 512x512 with guidance: a sample of
/// [2, 4, 64, 64] and a context of [2, 77, 768]. Pipeline and bare session runs share one session, which there is memory for.
/// </summary>
internal sealed class LargeUNet : IDisposable
{
    private const int Side = 64;
    private const int Channels = 4;
    private const int Tokens = 77;
    private const int ContextWidth = 768;

    private readonly OnnxNoisePredictor _predictor;
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly OrtValue[] _values;
    private readonly Conditioning _condition;
    private readonly Conditioning _negative;

    public LargeUNet(string folder, OnnxOptions? options = null)
    {
        _predictor = new OnnxNoisePredictor(Path.Combine(folder, "model.onnx"), options);
        var random = new Random(0);
        float[] context = [.. Enumerable.Range(0, Tokens * ContextWidth).Select(_ => (random.NextSingle() * 2) - 1)];
        float[] sample = [.. Enumerable.Range(0, 2 * Channels * Side * Side).Select(_ => (random.NextSingle() * 2) - 1)];
        float[] timestep = [501];
        _condition = ContextOf(context);
        _negative = ContextOf(new float[context.Length]);

        _session = LoadedBy(_predictor.Session).Session;
        _binding = _session.CreateIoBinding();
        _values =
        [
            OrtValue.CreateTensorValueFromMemory(sample, [2, Channels, Side, Side]),
            OrtValue.CreateTensorValueFromMemory(timestep, [1]),
            OrtValue.CreateTensorValueFromMemory([.. context, .. context], [2, Tokens, ContextWidth]),
            OrtValue.CreateTensorValueFromMemory(new float[sample.Length], [2, Channels, Side, Side]),
        ];
        _binding.BindInput("sample", _values[0]);
        _binding.BindInput("timestep", _values[1]);
        _binding.BindInput("encoder_hidden_states", _values[2]);
        _binding.BindOutput("out_sample", _values[3]);
    }

    /// <summary>One bare run, in seconds.</summary>
    public double RunBare()
    {
        long started = Stopwatch.GetTimestamp();
        _session.RunWithBinding(_options, _binding);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>The steps of a generation, a bare run before each.</summary>
    /// <returns>For each step the seconds of the bare run, of the step, and of the step without its model call.</returns>
    public async IAsyncEnumerable<(double Bare, double Step, double Own)> StepsBesideBareRuns(int steps)
    {
        var request = new GenerationRequest { Conditioning = _condition, NegativeConditioning = _negative, GuidanceScale = 7.5f, Steps = steps, Seed = 1, Width = Side, Height = Side };
        WarmUp(request);
        var timed = new TimedPredictor(_predictor);
        using DiffusionPipeline pipeline = PipelineOf(timed);
        RunBare();
        double bare = RunBare();
        long started = Stopwatch.GetTimestamp();
        double model = timed.Seconds;
        await foreach (DenoisingStep step in pipeline.StreamAsync(request))
        {
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            yield return (bare, seconds, seconds - (timed.Seconds - model));
            if (!step.IsLast)
            {
                bare = RunBare();
                (started, model) = (Stopwatch.GetTimestamp(), timed.Seconds);
            }
        }
    }

    public void Dispose()
    {
        _binding.Dispose();
        Array.ForEach(_values, value => value.Dispose());
        _options.Dispose();
        _predictor.Dispose();
    }

    // Without a model, until the loop is compiled for good.
    private static void WarmUp(GenerationRequest request)
    {
        using DiffusionPipeline pipeline = PipelineOf(NoisePredictor.FromFunction((sample, _, _, prediction) => sample.CopyTo(prediction)));
        for (int i = 0; i < 5; i++)
        {
            pipeline.Generate(request with { Steps = 200 });
        }
    }

    private static Conditioning ContextOf(float[] values) => Conditioning.None.With(ConditionNames.Context, Tensor.Create(values, [1, Tokens, ContextWidth]));

    private static DiffusionPipeline PipelineOf(INoisePredictor predictor) => DiffusionPipeline.CreateBuilder()
        .UseNoisePredictor(predictor)
        .UseScheduler(new DdimScheduler(DdimOptions.StableDiffusion))
        .UsePixelSpace(Channels)
        .Build();

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_session")]
    private static extern ref LoadedSession LoadedBy(OnnxSession session);
}

// Everything that touches DiffusionSharp. When its API changes, only this file does.
using System.Numerics.Tensors;
using DiffusionSharp;
using DiffusionSharp.Conditions;
using DiffusionSharp.Emoji;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace GpuCheck;

/// <summary>A generation. Guidance is on, so that a call has two rows for each picture.</summary>
internal sealed record Job(int Steps, int Pictures = 1, long Seed = 1);

internal sealed class Library : IDisposable
{
    private readonly DiffusionPipeline _pipeline;
    private readonly Func<Job, GenerationRequest> _request;
    private readonly BatchingNoisePredictor? _batching;
    private readonly Timed? _timed;

    private Library(DiffusionPipeline pipeline, Func<Job, GenerationRequest> request, BatchingNoisePredictor? batching = null, Timed? timed = null) =>
        (_pipeline, _request, _batching, _timed) = (pipeline, request, batching, timed);

    public static string EmojiUNet => Path.Combine(EmojiPipeline.ModelFolder, "unet", "model.onnx");

    /// <summary>The embedded text-to-picture model, with all its parts on the device.</summary>
    public static Library Emoji(Device device, int batchRows = 0)
    {
        var options = new OnnxPipelineOptions
        {
            Onnx = OptionsFor(device),
            Batching = batchRows > 0 ? new BatchingOptions { MaxRows = batchRows } : null,
        };
        DiffusionPipeline pipeline = EmojiPipeline.Load(options);
        return new Library(pipeline, job => new TextToImageRequest("a red apple") { Steps = job.Steps, Seed = job.Seed, Count = job.Pictures, GuidanceScale = 4 }, pipeline.NoisePredictor as BatchingNoisePredictor);
    }

    /// <summary>A UNet alone, in the space of its samples.</summary>
    public static Library UNet(Net net, Device device, int batchRows = 0)
    {
        var predictor = new OnnxNoisePredictor(net.Path, OptionsFor(device));
        Timed? timed = batchRows > 0 ? new Timed(predictor) : null;
        BatchingNoisePredictor? batching = timed is null ? null : new BatchingNoisePredictor(timed, new BatchingOptions { MaxRows = batchRows });
        DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(batching ?? (INoisePredictor)predictor)
            .UseScheduler(new DdimScheduler(DdimOptions.StableDiffusion))
            .UsePixelSpace(4)
            .Build();
        Conditioning Condition(int salt) => Conditioning.None.With(ConditionNames.Context, Tensor.Create(Numbers.Waves(net.Tokens * net.Context, salt), [1, net.Tokens, net.Context]));
        return new Library(pipeline, job => new GenerationRequest
        {
            Conditioning = Condition(1),
            NegativeConditioning = Condition(2),
            GuidanceScale = 7.5f,
            Steps = job.Steps,
            Seed = job.Seed,
            Count = job.Pictures,
            Width = net.Side,
            Height = net.Side,
        }, batching, timed);
    }

    /// <summary>Latents and pixels.</summary>
    public (float[] Latents, float[] Pixels) Generate(Job job, Action<int>? onStep = null, CancellationToken cancellation = default)
    {
        GenerationResult result = _pipeline.Generate(_request(job), onStep is null ? null : new Progress(onStep), cancellation);
        return Read(result);
    }

    public async Task<(float[] Latents, float[] Pixels)> GenerateAsync(Job job, CancellationToken cancellation = default) =>
        Read(await _pipeline.GenerateAsync(_request(job), null, cancellation));

    /// <summary>The latents after each step.</summary>
    public async Task<List<float[]>> Trajectory(Job job)
    {
        var latents = new List<float[]>();
        await foreach (DenoisingStep step in _pipeline.StreamAsync(_request(job)))
        {
            latents.Add(Values(step.CopyLatents()));
        }

        return latents;
    }

    /// <summary>Seconds of a preview, the predicted picture decoded in the middle of a generation.</summary>
    public async Task<double> PreviewSeconds(Job job)
    {
        await foreach (DenoisingStep step in _pipeline.StreamAsync(_request(job)))
        {
            if (step.Index == job.Steps / 2)
            {
                await step.DecodePreviewAsync();
                long started = System.Diagnostics.Stopwatch.GetTimestamp();
                await step.DecodePreviewAsync();
                return System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;
            }
        }

        return double.NaN;
    }

    /// <summary>Of the shared model calls so far: how many, with how many predictions in them.</summary>
    public (long Calls, long Predictions)? Shared => _batching is { Statistics: var s } ? (s.Calls, s.Predictions) : null;

    /// <summary>The times of a UNet's shared calls by their rows, in words; none where they are not taken.</summary>
    public IEnumerable<string> CallTimes() => (_timed?.Calls ?? []).GroupBy(call => call.Rows).OrderBy(calls => calls.Key).Select(calls =>
    {
        string Times(bool isChange) => calls.Where(call => call.IsChange == isChange).Select(call => call.Seconds).ToArray() is { Length: > 0 } found
            ? $"{found.Length} of {1e3 * Numbers.Median(found):0.0} ms"
            : "none";
        return $"{calls.Key} rows: {Times(true)} after another number of rows, {Times(false)} after as many";
    });

    public void Dispose() => _pipeline.Dispose();

    /// <summary>What happens where CUDA cannot be had: the error of a load, or none.</summary>
    public static string? LoadError(bool fallBack)
    {
        try
        {
            using var predictor = new OnnxNoisePredictor(EmojiUNet, new OnnxOptions { Provider = ExecutionProvider.Cuda, FallBackToCpu = fallBack });
            return null;
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    /// <summary>What happens where CUDA graphs are asked for.</summary>
    public static string? GraphError()
    {
        try
        {
            using var predictor = new OnnxNoisePredictor(EmojiUNet, OptionsFor(new Device("cuda", true).With("graph", ("enable_cuda_graph", "1"))));
            return null;
        }
        catch (NotSupportedException e)
        {
            return e.Message;
        }
    }

    private static OnnxOptions OptionsFor(Device device) => device.IsCuda
        ? new OnnxOptions { Provider = ExecutionProvider.Cuda, ProviderOptions = device.Options ?? [] }
        : new OnnxOptions();

    private static (float[] Latents, float[] Pixels) Read(GenerationResult result) =>
        (Values(result.Latents), [.. result.Images.SelectMany(image => Values(image.Pixels))]);

    private static float[] Values(Tensor<float> tensor)
    {
        var values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }

    // Calls of a batching predictor, which makes them one after another.
    private sealed class Timed(IRowwisePredictor predictor) : DelegatingNoisePredictor(predictor), IRowwisePredictor
    {
        public List<(int Rows, bool IsChange, double Seconds)> Calls { get; } = [];

        public int? FixedRows => predictor.FixedRows;

        public bool HasTimestepPerRow => predictor.HasTimestepPerRow;

        public override IPredictionRun Start(PredictionPlan plan) => StartRows(plan);

        public IRowwiseRun StartRows(PredictionPlan plan) => new Run(predictor.StartRows(plan), Calls);

        private sealed class Run(IRowwiseRun run, List<(int Rows, bool IsChange, double Seconds)> calls) : DelegatingPredictionRun(run), IRowwiseRun
        {
            public void SetConditions(int row, Conditioning conditioning) => run.SetConditions(row, conditioning);

            public void Predict(ReadOnlySpan<double> timesteps)
            {
                long started = System.Diagnostics.Stopwatch.GetTimestamp();
                run.Predict(timesteps);
                calls.Add((Shape.Batch, calls.Count == 0 || calls[^1].Rows != Shape.Batch, System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds));
            }
        }
    }

    private sealed class Progress(Action<int> onStep) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value) => onStep(value.Step);
    }
}

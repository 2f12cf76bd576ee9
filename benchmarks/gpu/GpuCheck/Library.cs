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

    private Library(DiffusionPipeline pipeline, Func<Job, GenerationRequest> request, BatchingNoisePredictor? batching = null) =>
        (_pipeline, _request, _batching) = (pipeline, request, batching);

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
        BatchingNoisePredictor? batching = batchRows > 0 ? new BatchingNoisePredictor(predictor, new BatchingOptions { MaxRows = batchRows }) : null;
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
        }, batching);
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

    private sealed class Progress(Action<int> onStep) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value) => onStep(value.Step);
    }
}

using System.Diagnostics;
using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Diagnostics;

/// <summary>Spans and metrics of generations. Alone, because metrics are those of the whole process.</summary>
[Collection(AloneCollection.Name)]
public sealed class WatchingTests : IDisposable
{
    private static readonly TextToImageRequest Request = new("a cat") { Seed = 5, Count = 2 };
    private static readonly string[] PhasesOfGeneration = ["encode", "denoise", "decode"];
    private readonly CancellationTokenSource _cancellation = new();
    private readonly RecordingPredictor _predictor = new(Toy.Predict);
    private readonly DiffusionPipeline _pipeline;
    private readonly Listening _listening = new();

    public WatchingTests() => _pipeline = Toy.Builder(_predictor).Build();

    public enum Way
    {
        Generate,
        GenerateAsync,
        StreamAsync,
    }

    public static TheoryData<Way> Ways => [Way.Generate, Way.GenerateAsync, Way.StreamAsync];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_generation_is_a_span_with_one_for_each_of_its_parts(Way way)
    {
        var during = new List<ActivitySpanId?>();
        _predictor.BeforePrediction = () => during.Add(Activity.Current?.SpanId);
        Activity? before = Activity.Current;
        await GenerateAsync(_pipeline, way);
        Assert.Same(before, Activity.Current);

        Activity generation = _listening.Generation;
        Assert.Equal(_listening.Root, generation.ParentSpanId);
        Assert.Equal(PhasesOfGeneration, _listening.Spans.Where(span => span.ParentSpanId == generation.SpanId).Select(span => span.OperationName));
        Assert.Equal(4, _listening.Spans.Count);
        Assert.Equal(
            [("diffusionsharp.scheduler", "DDIM"), ("diffusionsharp.count", 2), ("diffusionsharp.steps", 6), ("diffusionsharp.width", 32), ("diffusionsharp.height", 16)],
            generation.TagObjects.Select(tag => (tag.Key, tag.Value!)));
        Assert.Equal(6, _listening.Span("denoise").GetTagItem("diffusionsharp.steps"));
        Assert.All(_listening.Spans, span => Assert.Equal(ActivityStatusCode.Unset, span.Status));

        // Whatever a part begins during a step belongs to the steps, whichever thread takes them.
        Assert.Equal(6, during.Count);
        Assert.All(during, id => Assert.Equal(_listening.Span("denoise").SpanId, id));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_generation_is_measured(Way way)
    {
        await GenerateAsync(_pipeline, way);
        Assert.Equal(
            ["diffusionsharp.decode.duration", "diffusionsharp.denoise.duration", "diffusionsharp.denoise.speed", "diffusionsharp.encode.duration", "diffusionsharp.generation.duration", "diffusionsharp.pictures"],
            _listening.Measurements.Select(m => m.Instrument).Order());
        Assert.All(_listening.Measurements, m => Assert.Equal("DDIM", m.Tags["diffusionsharp.scheduler"]));
        Assert.All(_listening.Measurements, m => Assert.Null(m.ErrorType));
        Assert.All(_listening.Measurements, m => Assert.True(m.Value > 0));
        Assert.All(_listening.Measurements.Where(m => m.Instrument.EndsWith("duration", StringComparison.Ordinal)), m => Assert.Equal("s", m.Unit));
        Assert.Equal(2, Assert.Single(_listening.Of("diffusionsharp.pictures")).Value);
        Assert.Equal(6, Assert.Single(_listening.Of("diffusionsharp.denoise.speed")).Value * Assert.Single(_listening.Of("diffusionsharp.denoise.duration")).Value, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_failure_is_told_with_its_type(Way way)
    {
        _predictor.BeforePrediction = () => Throw(_predictor.Predictions == 2, new TimeoutException("too slow"));
        await Assert.ThrowsAsync<TimeoutException>(() => GenerateAsync(_pipeline, way));
        Assert.All([_listening.Generation, _listening.Span("denoise")], span =>
        {
            Assert.Equal((ActivityStatusCode.Error, "too slow"), (span.Status, span.StatusDescription));
            Assert.Equal("System.TimeoutException", span.GetTagItem("error.type"));
        });
        Assert.Equal(ActivityStatusCode.Unset, _listening.Span("encode").Status);
        Assert.Equal(2, _listening.Span("denoise").GetTagItem("diffusionsharp.steps"));
        AssertOutcome("diffusionsharp.failures", "System.TimeoutException");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_failure_before_the_first_step_is_one_of_encoding(Way way)
    {
        _predictor.BeforeStart = () => throw new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(() => GenerateAsync(_pipeline, way));
        Assert.Equal(["encode", "generation"], _listening.Spans.Select(span => span.OperationName));
        Assert.All(_listening.Spans, span => Assert.Equal(ActivityStatusCode.Error, span.Status));
        AssertOutcome("diffusionsharp.failures", "System.TimeoutException");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_failing_decoder_fails_the_generation(Way way)
    {
        using DiffusionPipeline pipeline = Toy.Builder(_predictor).UseLatentDecoder(new BrokenDecoder()).Build();
        await Assert.ThrowsAsync<TimeoutException>(() => GenerateAsync(pipeline, way));
        Assert.Equal(["encode", "denoise", "decode", "generation"], _listening.Spans.Select(span => span.OperationName));
        Assert.Equal("System.TimeoutException", _listening.Span("decode").GetTagItem("error.type"));
        AssertOutcome("diffusionsharp.failures", "System.TimeoutException");
        Assert.Empty(_listening.Of("diffusionsharp.pictures"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_cancellation_is_no_failure(Way way)
    {
        _predictor.BeforePrediction = () =>
        {
            if (_predictor.Predictions == 2)
            {
                _cancellation.Cancel();
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GenerateAsync(_pipeline, way));
        Assert.All(_listening.Spans, span => Assert.Equal(ActivityStatusCode.Unset, span.Status));
        AssertOutcome("diffusionsharp.cancellations", "System.OperationCanceledException");
    }

    [Fact]
    public void The_scheduler_is_that_of_the_request()
    {
        _pipeline.Generate(Request with { Scheduler = Toy.Ddpm });
        Assert.Equal("DDPM", _listening.Generation.GetTagItem("diffusionsharp.scheduler"));
        Assert.All(_listening.Measurements, m => Assert.Equal("DDPM", m.Tags["diffusionsharp.scheduler"]));
    }

    [Fact]
    public async Task A_time_limit_inside_a_part_is_a_failure()
    {
        _predictor.BeforePrediction = () => throw new TaskCanceledException();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GenerateAsync(_pipeline, Way.GenerateAsync));
        AssertOutcome("diffusionsharp.failures", "System.Threading.Tasks.TaskCanceledException");
    }

    [Fact]
    public async Task A_stream_that_its_reader_leaves_is_cancelled()
    {
        await foreach (DenoisingStep step in _pipeline.StreamAsync(Request))
        {
            if (step.Index == 1)
            {
                break;
            }
        }

        Assert.Equal(2, _listening.Span("denoise").GetTagItem("diffusionsharp.steps"));
        AssertOutcome("diffusionsharp.cancellations", "System.OperationCanceledException");
    }

    [Fact]
    public async Task A_preview_is_a_decoding_of_its_generation_that_may_fail_without_it()
    {
        using DiffusionPipeline pipeline = Toy.Builder(_predictor).UseLatentDecoder(new BrokenDecoder()).Build();
        await foreach (DenoisingStep step in pipeline.StreamAsync(Request))
        {
            await Assert.ThrowsAsync<TimeoutException>(step.DecodePreviewAsync);
        }

        Assert.Equal(6, _listening.All("decode").Length);
        Assert.All(_listening.All("decode"), span => Assert.Equal(_listening.Generation.SpanId, span.ParentSpanId));
        Assert.Equal(ActivityStatusCode.Unset, _listening.Generation.Status);
        Assert.Empty(_listening.Of("diffusionsharp.failures"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_cascade_is_one_generation_with_a_span_for_each_stage(Way way)
    {
        Cascade cascade = Cascade.Start(_pipeline).Then(_pipeline, state => state.Request).Then(_pipeline, state => state.Request);
        await GenerateAsync(cascade, way);

        Activity generation = _listening.Generation;
        Assert.Equal(_listening.Root, generation.ParentSpanId);
        Activity[] stages = _listening.All("stage");
        Assert.Equal([0, 1, 2], stages.Select(stage => stage.GetTagItem("diffusionsharp.stage")));
        Assert.All(stages, stage =>
        {
            Assert.Equal(generation.SpanId, stage.ParentSpanId);
            Assert.Equal(PhasesOfGeneration, _listening.Spans.Where(span => span.ParentSpanId == stage.SpanId).Select(span => span.OperationName));
        });
        Assert.Equal(1 + 3 + 9, _listening.Spans.Count);
        Assert.Equal(2, Assert.Single(_listening.Of("diffusionsharp.pictures")).Value);
        Assert.Single(_listening.Of("diffusionsharp.generation.duration"));
        Assert.Equal(3, _listening.Of("diffusionsharp.denoise.duration").Length);
        Assert.Empty(_listening.Of("diffusionsharp.cancellations"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_cascade_fails_with_its_stage_or_with_what_makes_a_request(Way way)
    {
        _predictor.BeforePrediction = () => Throw(_predictor.Predictions == 8, new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => GenerateAsync(Cascade.Start(_pipeline).Then(_pipeline, state => state.Request), way));
        Assert.Equal([ActivityStatusCode.Unset, ActivityStatusCode.Error], _listening.All("stage").Select(stage => stage.Status));
        AssertOutcome("diffusionsharp.failures", "System.TimeoutException");

        _predictor.BeforePrediction = () => { };
        await Assert.ThrowsAsync<FormatException>(() => GenerateAsync(Cascade.Start(_pipeline).Then(_pipeline, _ => throw new FormatException()), way));
        Assert.Equal(["System.TimeoutException", "System.FormatException"], _listening.Of("diffusionsharp.failures").Select(m => m.ErrorType));
    }

    [Fact]
    public void A_generation_without_steps_or_without_a_decoder_has_no_spans_for_them()
    {
        using DiffusionPipeline latents = DiffusionPipeline.CreateBuilder().UseNoisePredictor(_predictor).UseScheduler(Toy.Ddim).UseLatentSpace(new() { Channels = 1, DownsamplingFactor = 1 }).UseDefaults(Toy.Defaults).Build();
        latents.Generate(new GenerationRequest());
        Assert.Equal(["encode", "denoise", "generation"], _listening.Spans.Select(span => span.OperationName));
        _listening.Spans.Clear();
        _pipeline.Generate(new ImageToImageRequest("a cat", Toy.Picture()) { Strength = 0 });
        Assert.Equal(["encode", "decode", "generation"], _listening.Spans.Select(span => span.OperationName));
        Assert.Empty(_listening.Of("diffusionsharp.cancellations"));
    }

    public void Dispose()
    {
        _listening.Dispose();
        _pipeline.Dispose();
        _cancellation.Dispose();
    }

    private static void Throw(bool condition, Exception error)
    {
        if (condition)
        {
            throw error;
        }
    }

    private void AssertOutcome(string counter, string errorType)
    {
        Listening.Measurement outcome = Assert.Single(_listening.Measurements, m => m.Instrument is "diffusionsharp.failures" or "diffusionsharp.cancellations");
        Assert.Equal((counter, 1, errorType), (outcome.Instrument, outcome.Value, outcome.ErrorType));
        Assert.Equal(errorType, Assert.Single(_listening.Of("diffusionsharp.generation.duration")).ErrorType);
        Assert.Equal(errorType, _listening.Generation.GetTagItem("error.type"));
    }

    private async Task GenerateAsync(DiffusionPipeline pipeline, Way way)
    {
        switch (way)
        {
            case Way.Generate:
                pipeline.Generate(Request, null, _cancellation.Token);
                break;
            case Way.GenerateAsync:
                await pipeline.GenerateAsync(Request, null, _cancellation.Token);
                break;
            default:
                await ReadAsync(pipeline.StreamAsync(Request, _cancellation.Token));
                break;
        }
    }

    private async Task GenerateAsync(Cascade cascade, Way way)
    {
        if (way == Way.StreamAsync)
        {
            await ReadAsync(cascade.StreamAsync(Request, _cancellation.Token));
        }
        else
        {
            await cascade.GenerateAsync(Request, null, _cancellation.Token);
        }
    }

    private static async Task ReadAsync(IAsyncEnumerable<DenoisingStep> steps)
    {
        await foreach (DenoisingStep step in steps)
        {
            if (step.IsLast)
            {
                await step.DecodeResultAsync();
            }
        }
    }

    private sealed class BrokenDecoder : ILatentDecoder
    {
        public LatentSpace LatentSpace { get; } = new ToyAutoencoder().LatentSpace;

        public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default) => throw new TimeoutException();
    }
}

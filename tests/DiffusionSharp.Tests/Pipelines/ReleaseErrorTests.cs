using System.Diagnostics;
using DiffusionSharp.Conditions;
using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Parts that throw when they are released.</summary>
public sealed class ReleaseErrorTests : IDisposable
{
    private static readonly TextToImageRequest Request = new("a cat") { Seed = 5 };
    private readonly RecordingPredictor _predictor = new(Toy.Predict);
    private readonly BrokenPart _broken = new(new TimeoutException());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_throws_does_not_keep_the_others(bool asynchronously)
    {
        DiffusionPipeline pipeline = Builder().Build();
        pipeline.Generate(Request);
        await Assert.ThrowsAsync<TimeoutException>(() => ReleaseAsync(pipeline, asynchronously));
        Assert.Equal(1, _predictor.Disposals);
        Assert.Equal(asynchronously, _broken.WasReleasedAsynchronously);
        await ReleaseAsync(pipeline, asynchronously);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Those_of_a_derived_pipeline_are_released_though_those_of_the_first_throw(bool asynchronously)
    {
        using var other = new RecordingPredictor(Toy.Predict);
        using var alsoBroken = new BrokenPart(new FormatException());
        DiffusionPipeline first = Builder().Build();
        DiffusionPipeline derived = first.ToBuilder().UseNoisePredictor(other).UseConditions(alsoBroken).Build();
        first.Dispose();
        var error = await Assert.ThrowsAsync<AggregateException>(() => ReleaseAsync(derived, asynchronously));
        Assert.Equal([typeof(TimeoutException), typeof(FormatException)], error.InnerExceptions.Select(e => e.GetType()));
        Assert.Equal([1, 1], [_predictor.Disposals, other.Disposals]);
    }

    [Theory]
    [InlineData("Generate")]
    [InlineData("GenerateAsync")]
    [InlineData("StreamAsync")]
    public async Task A_generation_that_holds_parts_last_keeps_its_result(string way)
    {
        DiffusionPipeline pipeline = Builder().Build();
        _predictor.BeforePrediction = pipeline.Dispose;
        Assert.Single((await GenerateAsync(pipeline, way)).Images);
        Assert.Equal([1, 1], [_predictor.Disposals, _broken.Disposals]);
    }

    [Theory]
    [InlineData("Generate")]
    [InlineData("GenerateAsync")]
    [InlineData("StreamAsync")]
    public async Task A_generation_that_holds_parts_last_keeps_its_own_error(string way)
    {
        DiffusionPipeline pipeline = Builder().Build();
        _predictor.BeforePrediction = () =>
        {
            pipeline.Dispose();
            throw new FormatException();
        };
        await Assert.ThrowsAsync<FormatException>(() => GenerateAsync(pipeline, way));
        Assert.Equal([1, 1], [_predictor.Disposals, _broken.Disposals]);
    }

    [Fact]
    public void The_error_is_an_event_of_the_span_in_which_it_happens()
    {
        using var span = new Activity("caller");
        span.Start();
        DiffusionPipeline pipeline = Builder().Build();
        _predictor.BeforePrediction = pipeline.Dispose;
        pipeline.Generate(Request);
        Assert.Equal("System.TimeoutException", Assert.Single(span.Events).Tags.Single(tag => tag.Key == "exception.type").Value);
    }

    public void Dispose()
    {
        _predictor.Dispose();
        _broken.Dispose();
    }

    private static async Task<GenerationResult> GenerateAsync(DiffusionPipeline pipeline, string way)
    {
        if (way == "Generate")
        {
            return pipeline.Generate(Request);
        }

        if (way == "GenerateAsync")
        {
            return await pipeline.GenerateAsync(Request);
        }

        GenerationResult? result = null;
        await foreach (DenoisingStep step in pipeline.StreamAsync(Request))
        {
            result = step.IsLast ? await step.DecodeResultAsync() : null;
        }

        return result!;
    }

    private static async Task ReleaseAsync(DiffusionPipeline pipeline, bool asynchronously)
    {
        if (asynchronously)
        {
            await pipeline.DisposeAsync();
        }
        else
        {
            pipeline.Dispose();
        }
    }

    private DiffusionPipelineBuilder Builder() => Toy.Builder(_predictor).UseConditions(_broken);

    /// <summary>A part that gives nothing and cannot be released without an error, the first time.</summary>
    private sealed class BrokenPart(Exception error) : IConditionEncoder, IAsyncDisposable, IDisposable
    {
        public int Disposals { get; private set; }

        public bool WasReleasedAsynchronously { get; private set; }

        public IReadOnlyList<string> Provides => [];

        public void Check(GenerationRequest request)
        {
        }

        public void Encode(ConditionContext context)
        {
        }

        public async ValueTask DisposeAsync()
        {
            WasReleasedAsynchronously = true;
            await Task.Yield();
            Dispose();
        }

        public void Dispose()
        {
            if (Disposals++ == 0)
            {
                throw error;
            }
        }
    }
}

using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>When the parts of a pipeline are released.</summary>
public sealed class LifetimeTests : IDisposable
{
    private static readonly TextToImageRequest Request = new("a cat") { Seed = 5 };
    private readonly RecordingPredictor _predictor = new(Toy.Predict);
    private readonly ToyTextEncoder _textEncoder = new();
    private readonly ToyAutoencoder _autoencoder = new();

    private int[] Disposals => [_textEncoder.Disposals, _predictor.Disposals, _autoencoder.Disposals];

    [Fact]
    public void Disposing_releases_every_part_once_also_one_in_two_roles()
    {
        DiffusionPipeline pipeline = Builder().Build();
        pipeline.Generate(Request);
        Assert.Equal([0, 0, 0], Disposals);
        pipeline.Dispose();
        Assert.Equal([1, 1, 1], Disposals);
        pipeline.Dispose();
        Assert.Equal([1, 1, 1], Disposals);
    }

    [Fact]
    public async Task Parts_outlive_the_pipeline_until_the_last_generation_has_ended()
    {
        DiffusionPipeline pipeline = Builder().Build();
        IAsyncEnumerator<DenoisingStep> one = pipeline.StreamAsync(Request).GetAsyncEnumerator();
        IAsyncEnumerator<DenoisingStep> two = pipeline.StreamAsync(Request).GetAsyncEnumerator();
        Assert.True(await one.MoveNextAsync());
        Assert.True(await two.MoveNextAsync());

        pipeline.Dispose();
        Assert.Equal([0, 0, 0], Disposals);
        while (!one.Current.IsLast)
        {
            Assert.True(await one.MoveNextAsync());
        }

        Assert.Single((await one.Current.DecodeResultAsync()).Images);
        await one.DisposeAsync();
        Assert.Equal([0, 0, 0], Disposals);

        // Abandoned in the middle.
        await two.DisposeAsync();
        Assert.Equal([1, 1, 1], Disposals);
    }

    [Fact]
    public async Task A_generation_that_was_asked_for_first_is_finished()
    {
        for (int i = 0; i < 50; i++)
        {
            DiffusionPipeline pipeline = Builder().Build();
            Task<GenerationResult> asked = pipeline.GenerateAsync(Request);
            pipeline.Dispose();
            Assert.Single((await asked).Images);
            Assert.Equal([i + 1, i + 1, i + 1], Disposals);
        }
    }

    [Fact]
    public async Task A_generation_that_is_cancelled_before_it_begins_holds_nothing()
    {
        DiffusionPipeline pipeline = Builder().Build();
        Task<GenerationResult> cancelled = pipeline.GenerateAsync(Request, cancellationToken: new CancellationToken(canceled: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.True(cancelled.IsCanceled);
        pipeline.Dispose();
        Assert.Equal([1, 1, 1], Disposals);
    }

    [Fact]
    public async Task A_disposed_pipeline_refuses_what_is_new()
    {
        DiffusionPipeline pipeline = Builder().Build();
        IAsyncEnumerable<DenoisingStep> asked = pipeline.StreamAsync(Request);
        pipeline.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pipeline.Generate(Request));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pipeline.GenerateAsync(Request));
        Assert.Throws<ObjectDisposedException>(() => pipeline.StreamAsync(Request));
        Assert.Throws<ObjectDisposedException>(() => pipeline.WithScheduler(Toy.Ddpm));

        // Also where the enumeration begins only now.
        await using IAsyncEnumerator<DenoisingStep> enumerator = asked.GetAsyncEnumerator();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await enumerator.MoveNextAsync());
        Assert.Equal([1, 1, 1], Disposals);
    }

    [Fact]
    public void Parts_that_several_pipelines_share_can_be_left_open()
    {
        DiffusionPipeline pipeline = Builder().LeavePartsOpen().Build();
        pipeline.Dispose();
        Assert.Equal([0, 0, 0], Disposals);
        Assert.Throws<ObjectDisposedException>(() => pipeline.Generate(Request));
    }

    [Fact]
    public void A_generation_that_failed_holds_nothing()
    {
        DiffusionPipeline pipeline = Builder().Build();
        Assert.Throws<ArgumentException>(() => pipeline.Generate(new ImageToImageRequest("a cat", System.Numerics.Tensors.Tensor.CreateFromShape<float>([1, 1, 8, 8]))));
        _predictor.BeforePrediction = () => throw new TimeoutException();
        Assert.Throws<TimeoutException>(() => pipeline.Generate(Request));
        Assert.Equal(0, _predictor.RunningRuns);
        pipeline.Dispose();
        Assert.Equal([1, 1, 1], Disposals);
    }

    [Fact]
    public void With_another_scheduler_the_parts_are_the_same()
    {
        using DiffusionPipeline first = Builder().Build();
        using DiffusionPipeline derived = first.WithScheduler(Toy.Ddpm);
        Assert.Same(Toy.Ddpm, derived.Scheduler);
        Assert.Same(Toy.Ddim, first.Scheduler);
        Assert.Same(first.Defaults, derived.Defaults);
        Assert.Same(first.LatentDecoder, derived.LatentDecoder);
        Assert.Equal("DDPM", derived.Generate(Request).Images[0].SchedulerName);
        Assert.Equal(6, _predictor.Predictions);

        using DiffusionPipeline own = Toy.Pipeline(Toy.Ddpm);
        Toy.AssertSamePixels(own.Generate(Request).Images[0], derived.Generate(Request).Images[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Derived_pipelines_hold_the_parts_whichever_is_disposed_first(bool firstGoesFirst)
    {
        DiffusionPipeline first = Builder().Build();
        DiffusionPipeline derived = first.WithScheduler(Toy.Ddpm);
        DiffusionPipeline derivedAgain = derived.WithScheduler(Toy.Ddim);
        DiffusionPipeline[] order = firstGoesFirst ? [first, derived, derivedAgain] : [derivedAgain, derived, first];
        for (int i = 0; i < order.Length; i++)
        {
            Assert.Single(order[i].Generate(Request).Images);
            Assert.Equal([0, 0, 0], Disposals);
            order[i].Dispose();
            order[i].Dispose();
            Assert.Throws<ObjectDisposedException>(() => order[i].Generate(Request));
            Assert.Throws<ObjectDisposedException>(order[i].ToBuilder);
        }

        Assert.Equal([1, 1, 1], Disposals);
    }

    [Fact]
    public void A_pipeline_with_some_parts_replaced_holds_the_others_and_owns_the_new_ones()
    {
        using DiffusionPipeline first = Builder().UseScheduler(Toy.Ddpm).Build();
        var other = new RecordingPredictor(Toy.Predict);
        DiffusionPipeline derived = first.ToBuilder().UseNoisePredictor(other).Build();
        Assert.Same(Toy.Ddpm, derived.Scheduler);
        Assert.Same(first.Defaults, derived.Defaults);
        Assert.Same(_textEncoder, Assert.Single(derived.TextEncoders));
        Assert.Same(_autoencoder, derived.LatentEncoder);
        Toy.AssertSamePixels(first.Generate(Request).Images[0], derived.Generate(Request).Images[0]);
        Assert.Equal(6, other.Predictions);
        Assert.Equal(6, _predictor.Predictions);

        derived.Dispose();
        Assert.Equal([0, 0, 0], Disposals);
        Assert.Equal(1, other.Disposals);
        DiffusionPipelineBuilder late = first.ToBuilder();
        first.Dispose();
        Assert.Equal([1, 1, 1], Disposals);
        Assert.Throws<ObjectDisposedException>(late.Build);
    }

    [Fact]
    public void Parts_that_were_left_open_stay_open_whatever_is_derived()
    {
        DiffusionPipeline open = Builder().LeavePartsOpen().Build();
        open.WithScheduler(Toy.Ddpm).Dispose();
        open.Dispose();
        Assert.Equal([0, 0, 0], Disposals);
    }

    [Fact]
    public void Pipelines_of_one_builder_hold_the_same_parts()
    {
        var other = new RecordingPredictor(Toy.Predict);
        DiffusionPipelineBuilder builder = Builder();
        DiffusionPipeline first = builder.Build();
        DiffusionPipeline second = builder.UseNoisePredictor(other).Build();
        DiffusionPipeline third = builder.UseNoisePredictor(_predictor).UseConcurrency(1).Build();
        first.Dispose();
        second.Dispose();
        Assert.Single(third.Generate(Request).Images);
        Assert.Equal([0, 0, 0], Disposals);
        third.Dispose();
        Assert.Equal([1, 1, 1], Disposals);
        Assert.Equal(1, other.Disposals);
        Assert.Throws<ObjectDisposedException>(builder.Build);
    }

    [Fact]
    public void A_part_that_was_replaced_and_comes_back_is_released_once()
    {
        using DiffusionPipeline first = Builder().Build();
        using DiffusionPipeline replaced = first.ToBuilder().UseNoisePredictor(new RecordingPredictor(Toy.Predict)).Build();
        DiffusionPipeline back = replaced.ToBuilder().UseNoisePredictor(_predictor).Build();
        back.Dispose();
        Assert.Equal([0, 0, 0], Disposals);
        Assert.Single(first.Generate(Request).Images);
    }

    [Fact]
    public void A_builder_whose_parts_are_left_open_builds_again_and_again()
    {
        DiffusionPipelineBuilder builder = Builder().LeavePartsOpen();
        for (int i = 0; i < 2; i++)
        {
            using DiffusionPipeline pipeline = builder.Build();
            Assert.Single(pipeline.Generate(Request).Images);
        }

        Assert.Equal([0, 0, 0], Disposals);
    }

    [Fact]
    public void A_pipeline_shows_its_parts()
    {
        using DiffusionPipeline pipeline = Builder().Build();
        Assert.Same(_autoencoder, pipeline.LatentDecoder);
        Assert.Same(_autoencoder, pipeline.LatentEncoder);
        Assert.Equal(_autoencoder.LatentSpace, pipeline.LatentSpace);
        using DiffusionPipeline pixels = Toy.PixelBuilder(_predictor).Build();
        Assert.IsType<PixelSpace>(pixels.LatentDecoder);
    }

    public void Dispose()
    {
        _predictor.Dispose();
        _textEncoder.Dispose();
        _autoencoder.Dispose();
    }

    private DiffusionPipelineBuilder Builder() => Toy.Builder(_predictor, _textEncoder, _autoencoder);
}

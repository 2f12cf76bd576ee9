using System.Buffers.Binary;
using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>A generation that is saved between two steps goes on elsewhere to the same picture, to the last bit.</summary>
public class CheckpointTests
{
    private static readonly TextToImageRequest Request = new("a cat") { Seed = 5, Count = 2, Steps = 6 };

    public static TheoryData<string> Classes => [.. SchedulerConfig.KnownClasses];

    // The toy network is none of most of these schedulers' models, but what it predicts is finite everywhere.
    [Theory]
    [MemberData(nameof(Classes))]
    public async Task From_every_step_of_every_scheduler_the_picture_is_the_same(string className)
    {
        IScheduler scheduler = SchedulerConfig.Create($$"""{ "_class_name": "{{className}}" }""");
        using DiffusionPipeline pipeline = Toy.Builder().UseScheduler(scheduler).Build();
        bool needsMask = scheduler.KeepsKnownRegion;
        await AssertGoesOn(pipeline, Toy.Builder, needsMask ? new InpaintingRequest("a cat", Toy.Picture(), Toy.RightHalf) { Seed = 5, Steps = 6 } : Request);
    }

    [Theory]
    [MemberData(nameof(KnownGuidances.Names), MemberType = typeof(KnownGuidances))]
    public async Task From_every_step_of_every_guidance_the_picture_is_the_same(string name)
    {
        using DiffusionPipeline pipeline = KnownGuidances.Builder(name).Build();
        await AssertGoesOn(pipeline, () => KnownGuidances.Builder(name), KnownGuidances.Request);
    }

    [Fact]
    public async Task Inpainting_keeps_what_is_known_and_does_not_draw_again()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        await AssertGoesOn(pipeline, Toy.Builder, new InpaintingRequest("a cat", Toy.Picture(), Toy.RightHalf) { Seed = 5, Count = 2, Steps = 4 });
        await AssertGoesOn(pipeline, Toy.Builder, new ImageToImageRequest("a cat", Toy.Picture()) { Seed = 5, Strength = 0.5, Steps = 6 });
    }

    [Fact]
    public async Task An_inpainting_network_is_shown_the_same_channels_again()
    {
        static DiffusionPipelineBuilder Builder() => Toy.Builder(new RecordingPredictor(SeeingChannels)).UseConditions(new MaskedPictureConditions()).UseScheduler(Toy.Ddpm);
        using DiffusionPipeline pipeline = Builder().Build();
        await AssertGoesOn(pipeline, Builder, new InpaintingRequest("a cat", Toy.Picture(), Toy.RightHalf) { Seed = 5, Count = 2, Steps = 4 });
    }

    [Fact]
    public async Task Guidance_and_predictors_with_a_memory_remember()
    {
        static DiffusionPipelineBuilder Builder() => Toy.Builder(new CountingPredictor(new RecordingPredictor(Toy.Predict))).UseGuidance(new GrowingGuidance()).UseScheduler(Toy.Ddpm);
        using DiffusionPipeline pipeline = Builder().Build();
        await AssertGoesOn(pipeline, Builder, Request);
    }

    [Fact]
    public async Task Cached_steps_are_left_out_where_they_would_have_been()
    {
        static DiffusionPipelineBuilder Builder() => Toy.Builder(new CachedStepsPredictor(new RecordingPredictor(Toy.Predict), new CachedStepsOptions { Threshold = 2 }));
        using DiffusionPipeline pipeline = Builder().Build();
        GenerationRequest request = Request with { Steps = 16 };
        Assert.InRange(pipeline.Generate(request).Timings.EvaluationsPerImage, 8, 30);
        await AssertGoesOn(pipeline, Builder, request);
    }

    [Fact]
    public async Task Other_streams_of_noise_go_on_too()
    {
        IScheduler alongPath = SchedulerConfig.Create("""{ "_class_name": "EulerAncestralDiscreteScheduler" }""");
        (Func<long, INoiseSource> Create, IScheduler Scheduler)[] streams =
        [
            (seed => new TorchCudaNoise(seed, CudaDevice.A100), Toy.Ddpm),
            (seed => new NumpyLegacyNoise((uint)seed), Toy.Ddpm),
            (seed => new BrownianTreeNoise(seed, 0, 160), alongPath),
        ];
        foreach ((Func<long, INoiseSource> create, IScheduler scheduler) in streams)
        {
            DiffusionPipelineBuilder Builder() => Toy.Builder().UseNoise(create).UseScheduler(scheduler);
            using DiffusionPipeline pipeline = Builder().Build();
            await AssertGoesOn(pipeline, Builder, Request);
        }
    }

    [Fact]
    public async Task The_front_is_the_same_in_every_step_and_stands_at_the_beginning()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        List<byte[]> checkpoints = await Checkpoints(pipeline, Request);
        var fronts = checkpoints.ConvertAll(bytes => CheckpointFront.Of(bytes));
        Assert.Single(fronts.Distinct());
        Assert.All(checkpoints, bytes => Assert.Equal(checkpoints[0][..fronts[0].Length], bytes[..fronts[0].Length]));
        Assert.NotEqual(checkpoints[0][fronts[0].Length..], checkpoints[1][fronts[0].Length..]);
        Assert.Throws<CheckpointException>(() => CheckpointFront.Of(checkpoints[0].AsSpan(0, fronts[0].Length - 1)));
    }

    [Fact]
    public async Task What_is_torn_foreign_or_newer_is_refused_with_words()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        byte[] whole = (await Checkpoints(pipeline, Request))[2];
        for (int length = 0; length < whole.Length; length += 1 + (length / 7))
        {
            AssertRefused(pipeline, whole[..length], length < 8 ? "no checkpoint" : "");
        }

        var random = new Random(1);
        for (int i = 0; i < 300; i++)
        {
            byte[] changed = [.. whole];
            changed[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            AssertRefused(pipeline, changed, "");
        }

        byte[] newer = [.. whole];
        BinaryPrimitives.WriteInt32LittleEndian(newer.AsSpan(8), 2);
        AssertRefused(pipeline, newer, "version 2");
        AssertRefused(pipeline, [.. "{\"_class_name\": \"DDIMScheduler\"}"u8], "no checkpoint");
    }

    [Fact]
    public async Task Other_weights_another_guidance_and_other_noise_are_refused_with_words()
    {
        using DiffusionPipeline one = Toy.Builder(new Weights("one")).Build();
        byte[] checkpoint = (await Checkpoints(one, Request))[2];
        using DiffusionPipeline two = Toy.Builder(new Weights("two")).Build();
        await AssertRefusedLater(two, checkpoint, "weights: two");
        using DiffusionPipeline guided = one.ToBuilder().UseGuidance(new GrowingGuidance()).Build();
        await AssertRefusedLater(guided, checkpoint, "guidance: conditional");
        using DiffusionPipeline noisy = one.ToBuilder().UseNoise(seed => new NumpyLegacyNoise((uint)seed)).Build();
        await using IAsyncEnumerator<DenoisingStep> steps = noisy.ResumeAsync(new MemoryStream(checkpoint)).GetAsyncEnumerator();
        Assert.Contains("NumpyLegacyNoise", (await Assert.ThrowsAsync<ArgumentException>(async () => await steps.MoveNextAsync())).Message, StringComparison.Ordinal);
    }

    // Saved at every step; gone on with on a pipeline of its own.
    private static async Task AssertGoesOn(DiffusionPipeline pipeline, Func<DiffusionPipelineBuilder> another, GenerationRequest request)
    {
        GenerationResult expected = pipeline.Generate(request);
        List<byte[]> checkpoints = await Checkpoints(pipeline, request);
        for (int i = 0; i < checkpoints.Count; i++)
        {
            using DiffusionPipeline other = another().UseScheduler(pipeline.Scheduler!).Build();
            GenerationResult? result = null;
            await foreach (DenoisingStep step in other.ResumeAsync(new MemoryStream(checkpoints[i])))
            {
                Assert.True(step.Index > i || step.IsLast);
                result = step.IsLast ? await step.DecodeResultAsync() : null;
            }

            Assert.Equal(expected.Latents.Values().ToArray(), result!.Latents.Values().ToArray());
            Assert.All(expected.Images.Zip(result.Images), pair => Toy.AssertSamePixels(pair.First, pair.Second));
        }
    }

    private static async Task AssertGoesOn(DiffusionPipeline pipeline, Func<INoisePredictor?, ToyTextEncoder?, ToyAutoencoder?, DiffusionPipelineBuilder> another, GenerationRequest request) =>
        await AssertGoesOn(pipeline, () => another(null, null, null), request);

    private static async Task<List<byte[]>> Checkpoints(DiffusionPipeline pipeline, GenerationRequest request)
    {
        var checkpoints = new List<byte[]>();
        await foreach (DenoisingStep step in pipeline.StreamAsync(request))
        {
            var stream = new MemoryStream();
            step.SaveCheckpoint(stream);
            checkpoints.Add(stream.ToArray());
        }

        return checkpoints;
    }

    private static void AssertRefused(DiffusionPipeline pipeline, byte[] bytes, string words) =>
        Assert.Contains(words, Assert.Throws<CheckpointException>(() => { _ = pipeline.ResumeAsync(new MemoryStream(bytes)); }).Message, StringComparison.Ordinal);

    private static async Task AssertRefusedLater(DiffusionPipeline pipeline, byte[] bytes, string words)
    {
        await using IAsyncEnumerator<DenoisingStep> steps = pipeline.ResumeAsync(new MemoryStream(bytes)).GetAsyncEnumerator();
        Assert.Contains(words, (await Assert.ThrowsAsync<CheckpointException>(async () => await steps.MoveNextAsync())).Message, StringComparison.Ordinal);
    }

    private static void SeeingChannels(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction)
    {
        Toy.Predict(sample, timestep, plan, prediction);
        ReadOnlySpan<float> channels = plan.Conditioning.Concatenated!.Values();
        for (int i = 0; i < prediction.Length; i++)
        {
            prediction[i] += 0.1f * channels[i % channels.Length];
        }
    }

    /// <summary>Weights with a fingerprint.</summary>
    private sealed class Weights(string name) : INoisePredictor
    {
        public string? Fingerprint => name;

        public IPredictionRun Start(PredictionPlan plan) => NoisePredictor.FromFunction(Toy.Predict).Start(plan);
    }

    /// <summary>A decorator whose predictions depend on how many there were.</summary>
    private sealed class CountingPredictor(INoisePredictor inner) : DelegatingNoisePredictor(inner)
    {
        public override IPredictionRun Start(PredictionPlan plan) => new Run(Inner.Start(plan));

        private sealed class Run(IPredictionRun inner) : DelegatingPredictionRun(inner)
        {
            private int _count;

            public override void Predict(in StepPoint at)
            {
                Inner.Predict(at);
                TensorPrimitives.Add(Inner.Prediction, 0.01f * ++_count, Inner.Prediction);
            }

            public override void Save(BinaryWriter writer)
            {
                base.Save(writer);
                writer.Write(_count);
            }

            public override void Restore(BinaryReader reader)
            {
                base.Restore(reader);
                _count = reader.ReadInt32();
            }
        }
    }

    /// <summary>A guidance that grows with every call and needs its second term in every other one.</summary>
    private sealed class GrowingGuidance : IGuidance
    {
        public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => [GuidanceTerm.Conditional, GuidanceTerm.Unconditional, GuidanceTerm.Empty];

        public IGuidanceRun Start(GuidancePlan plan) => new Run();

        private sealed class Run : IGuidanceRun
        {
            private double _scale = 1;

            public bool Needs(int term, in StepPoint at) => term == 1 && at.Call % 2 == 0;

            public void Combine(in StepPoint at, TermPredictions predictions)
            {
                _scale *= 1.1;
                predictions.Weights(0).Fill(_scale);
                predictions.Weights(1).Fill(predictions.Has(1) ? 1 - _scale : 0);
            }

            public void Save(BinaryWriter writer) => writer.Write(_scale);

            public void Restore(BinaryReader reader) => _scale = reader.ReadDouble();

            public void Dispose()
            {
            }
        }
    }
}

using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Pipelines in sequence.</summary>
public class CascadeTests
{
    private static readonly TextToImageRequest Request = new("a cat") { Seed = 5, Count = 2, Steps = 10 };

    public static TheoryData<string> SchedulersWithoutHistory => ["DDIM", "DDPM", "Euler", "Euler ancestral", "Heun"];

    // A scheduler that looks back would look at other steps, so only those without a history can be handed over between any two steps.
    [Theory]
    [MemberData(nameof(SchedulersWithoutHistory))]
    public async Task Base_and_refiner_over_two_parts_of_the_way_are_one_pipeline_over_the_whole(string name)
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Scheduler(name));
        Cascade cascade = Cascade.Start(pipeline, request => request with { Range = new(0, 0.6), Decodes = false })
            .Then(pipeline, state => state.Request with { Range = new(0.6, 1), InitialLatents = state.Result.Latents });
        GenerationResult result = await cascade.GenerateAsync(Request);
        GenerationResult whole = pipeline.Generate(Request);
        Assert.Equal(whole.Latents.Values().ToArray(), result.Latents.Values().ToArray());
        Assert.All(whole.Images.Zip(result.Images), pair => Toy.AssertSamePixels(pair.First, pair.Second));
        Assert.Empty(result.Stages[0].Images);
        Assert.Equal(whole.Timings.Steps, result.Stages.Sum(stage => stage.Timings.Steps));
        Assert.All(result.Stages, stage => Assert.True(stage.Timings.Steps > 0));
    }

    [Fact]
    public async Task Three_stages_have_one_progress_and_one_noise_that_goes_on()
    {
        var draws = new List<(int Stage, float First)>();
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        Cascade cascade = Cascade.Start(pipeline).Then(pipeline, state => state.Request).Then(pipeline, state => state.Request);
        var progress = new ProgressList();
        GenerationResult result = await cascade.GenerateAsync(Request, progress);

        Assert.Equal(Enumerable.Range(0, 3).SelectMany(stage => Enumerable.Repeat(stage, 10)), progress.Reports.Select(report => report.Stage));
        Assert.All(progress.Reports, report => Assert.Equal(3, report.StageCount));
        Assert.Equal(Enumerable.Range(1, 30).Select(i => i / 30.0), progress.Reports.Select(report => report.Fraction), (a, b) => Math.Abs(a - b) < 1e-12);

        // The same request three times: with new noise each time the pictures would be equal.
        GenerationNoise noise = new([new TorchCpuNoise(5L), new TorchCpuNoise(6L)]);
        for (int i = 0; i < 3; i++)
        {
            float[] expected = [.. (await pipeline.GenerateAsync(pipeline.Resolve(Request), noise, null, null, default)).Latents.Values()];
            Assert.Equal(expected, result.Stages[i].Latents.Values().ToArray());
        }

        Assert.NotEqual(result.Stages[0].Latents.Values().ToArray(), result.Stages[1].Latents.Values().ToArray());
    }

    [Fact]
    public async Task A_stream_hands_out_the_steps_of_all_stages_and_ends_with_the_same_result()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        Cascade cascade = Cascade.Start(pipeline).Then(pipeline, state => new ImageToImageRequest("a dog", state.Result.Images[0].Pixels) { Count = 2, Strength = 0.5, Seed = 5 });
        var steps = new List<(int Stage, int Index, bool IsLast)>();
        GenerationResult? streamed = null;
        await foreach (DenoisingStep step in cascade.StreamAsync(Request))
        {
            steps.Add((step.Stage, step.Index, step.IsLast));
            streamed = step.IsLast ? await step.DecodeResultAsync() : null;
        }

        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => (0, i, false)), .. Enumerable.Range(0, 3).Select(i => (1, i, i == 2))], steps);
        GenerationResult result = await cascade.GenerateAsync(Request);
        Assert.Equal(result.Latents.Values().ToArray(), streamed!.Latents.Values().ToArray());
        Assert.Equal(result.Stages.Select(stage => stage.Timings.Steps), streamed.Stages.Select(stage => stage.Timings.Steps));
        Assert.Same(streamed, streamed.Stages[^1]);
    }

    [Fact]
    public async Task What_the_first_stage_refuses_is_refused_at_the_call()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        Cascade cascade = Cascade.Start(pipeline).Then(pipeline, state => state.Request);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = cascade.StreamAsync(Request with { Steps = 0 }); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = cascade.WithDefaults(pipeline.Defaults).WithSizeMultiple(16).StreamAsync(Request with { Width = 24 }); });
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Cascade.Start(pipeline, request => request with { Count = 0 }).GenerateAsync(Request));
    }

    [Fact]
    public async Task Defaults_of_its_own_fill_in_a_request_before_any_stage_sees_it()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        var seen = new List<GenerationRequest>();
        Cascade plain = Cascade.Start(pipeline, Seen).Then(pipeline, state => Seen(state.Request));
        Cascade filled = plain.WithDefaults(new GenerationDefaults { Width = 32, Height = 16, Steps = 3, GuidanceScale = 2 }).WithSizeMultiple(16);
        Assert.Equal((pipeline.Defaults, pipeline.SizeMultiple), (plain.Defaults, plain.SizeMultiple));
        Assert.Equal((pipeline.LatentEncoder, null), (plain.LatentEncoder, filled.LatentEncoder));
        Assert.Equal((32, 16, 16), (filled.Defaults.Width, filled.Defaults.Height, filled.SizeMultiple));

        await filled.GenerateAsync(new TextToImageRequest("a cat") { Seed = 5 });
        Assert.All(seen, request => Assert.Equal((32, 16, 3, 2f), (request.Width, request.Height, request.Steps, request.GuidanceScale)));
        seen.Clear();
        await filled.GenerateAsync(new TextToImageRequest("a cat") { Seed = 5, Timesteps = [900, 100], Width = 16 });
        Assert.All(seen, request => Assert.Equal((16, 16, null, 2f), (request.Width, request.Height, request.Steps, request.GuidanceScale)));

        Assert.Contains("InitialImage", Assert.Throws<InvalidOperationException>(() => { _ = filled.StreamAsync(new ImageToImageRequest("a cat", Toy.Picture())); }).Message, StringComparison.Ordinal);

        GenerationRequest Seen(GenerationRequest request)
        {
            seen.Add(request);
            return request;
        }
    }

    [Fact]
    public async Task Other_pipelines_take_the_places_of_those_there_are()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        Cascade cascade = Cascade.Start(pipeline).Then(pipeline, state => state.Request);
        int made = 0;
        using Cascade other = cascade.Owning().WithPipelines(one =>
        {
            made++;
            return one.WithScheduler(Toy.Ddim);
        });
        Assert.Equal(1, made);
        Assert.Same(Toy.Ddim, other.Scheduler);
        using DiffusionPipeline ddim = pipeline.WithScheduler(Toy.Ddim);
        Assert.Equal(
            (await Cascade.Start(ddim).Then(ddim, state => state.Request).GenerateAsync(Request)).Latents.Values().ToArray(),
            (await other.GenerateAsync(Request)).Latents.Values().ToArray());
        Assert.Same(Toy.Ddpm, cascade.Scheduler);
    }

    [Fact]
    public void What_was_made_before_a_change_that_fails_is_disposed()
    {
        using DiffusionPipeline first = Toy.Pipeline();
        using DiffusionPipeline second = Toy.Pipeline();
        Cascade cascade = Cascade.Start(first).Then(second, state => state.Request);
        DiffusionPipeline? made = null;
        Assert.Throws<NotSupportedException>(() => cascade.WithPipelines(_ => made is null ? made = first.WithScheduler(Toy.Ddim) : throw new NotSupportedException()));
        Assert.Throws<ObjectDisposedException>(() => { _ = made!.StreamAsync(Request); });
        Assert.NotNull(first.StreamAsync(Request));
    }

    [Fact]
    public async Task Only_one_that_owns_its_pipelines_disposes_them()
    {
        DiffusionPipeline pipeline = Toy.Pipeline();
        Cascade cascade = Cascade.Start(pipeline).Then(pipeline, state => state.Request);
        cascade.Dispose();
        await cascade.GenerateAsync(Request);
        Assert.Equal([pipeline, pipeline], cascade.Pipelines);
        await cascade.Owning().DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => { _ = cascade.StreamAsync(Request); });
    }

    [Fact]
    public async Task Cancelling_stops_the_stage_that_runs()
    {
        using var cancellation = new CancellationTokenSource();
        var second = new RecordingPredictor(Toy.Predict) { BeforePrediction = cancellation.Cancel };
        using DiffusionPipeline first = Toy.Pipeline();
        using DiffusionPipeline then = Toy.Builder(second).Build();
        Cascade cascade = Cascade.Start(first).Then(then, state => state.Request);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cascade.GenerateAsync(Request, null, cancellation.Token));
        Assert.Equal(1, second.Predictions);
        Assert.Equal(0, second.RunningRuns);
    }

    [Fact]
    public async Task Another_number_of_pictures_needs_streams_to_be_joined_or_split()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        Func<CascadeState, GenerationRequest> one = state => state.Request with { Count = 1 };
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Cascade.Start(pipeline).Then(pipeline, one).GenerateAsync(Request));
        Assert.Contains("joined or split", e.Message, StringComparison.Ordinal);
        GenerationResult result = await Cascade.Start(pipeline).Then(pipeline, one, noise => new GenerationNoise([noise.Pictures[0]])).GenerateAsync(Request);
        Assert.Single(result.Images);
    }

    [Fact]
    public async Task A_prior_over_vectors_goes_through_the_same_loop_and_ends_in_its_sample()
    {
        // x_0 of each picture is a vector that only its prompt says; DDIM goes to it in its last step.
        using DiffusionPipeline prior = DiffusionPipeline.CreateBuilder()
            .UseTextEncoder(new ToyTextEncoder())
            .UseNoisePredictor(NoisePredictor.FromFunction(static (sample, timestep, plan, prediction) => plan.Conditioning.Context!.Values().CopyTo(prediction)))
            .UseScheduler(new DdimScheduler(new DdimOptions { PredictionType = PredictionType.Sample, Clipping = SampleClipping.None, SetAlphaToOne = true }))
            .UseLatentSpace(LatentSpace.Vectors(6))
            .Build();
        GenerationResult embedding = prior.Generate(new TextToImageRequest("a cat") { Prompts = ["a cat", "a dog"], Count = 2, GuidanceScale = 1, Steps = 5 });
        Assert.Equal([2, 6, 1, 1], embedding.Latents.Lengths);
        Assert.Empty(embedding.Images);
        Assert.Equal([.. ToyTextEncoder.Embed("a cat"), .. ToyTextEncoder.Embed("a dog")], embedding.Latents.Values().ToArray());

        // And a decoder that is conditioned on it draws the picture.
        using DiffusionPipeline decoder = Toy.PixelBuilder(new RecordingPredictor(static (sample, timestep, plan, prediction) => prediction.Fill(plan.Conditioning.Pooled!.Values()[0]))).Build();
        Cascade cascade = Cascade.Start(prior).Then(decoder, state => new GenerationRequest
        {
            Count = 2,
            Conditioning = Conditioning.None.With(ConditionNames.Pooled, Tensor.Create(state.Result.Latents.Values().ToArray(), [2, 6])),
        });
        Assert.Equal(2, (await cascade.GenerateAsync(new TextToImageRequest("a cat") { Count = 2, GuidanceScale = 1, Steps = 5 })).Images.Count);
    }

    [Fact]
    public async Task Without_a_predictor_noise_and_class_go_through_the_decoder_in_one_pass()
    {
        using DiffusionPipeline gan = DiffusionPipeline.CreateBuilder().UseLatentDecoder(new Generator()).UseDefaults(new GenerationDefaults { Width = 2, Height = 2 }).Build();
        GenerationResult result = gan.Generate(new GenerationRequest { ClassLabels = [3, 7], Count = 2, Seed = 5 });
        Assert.Equal(0, result.Timings.Steps);
        Assert.Equal(0, result.Timings.EvaluationsPerImage);
        for (int i = 0; i < 2; i++)
        {
            var z = new float[4];
            new TorchCpuNoise(5L + i).Fill(z);
            Assert.Equal(z.Select(value => (2 * value) + (i == 0 ? 3 : 7)), result.Images[i].Pixels.Values().ToArray().Take(4));
            Toy.AssertSamePixels(result.Images[i], gan.Generate(result.Images[i].Request).Images[0]);
        }

        await foreach (DenoisingStep step in gan.StreamAsync(new GenerationRequest { ClassLabel = 3, Seed = 5 }))
        {
            Assert.True(step.IsLast);
            Toy.AssertSamePixels(result.Images[0], (await step.DecodeResultAsync()).Images[0]);
        }
    }

    private static IScheduler Scheduler(string name) => name switch
    {
        "DDIM" => Toy.Ddim,
        "DDPM" => Toy.Ddpm,
        "Euler" => new EulerScheduler(new EulerOptions { PredictionType = PredictionType.Velocity }),
        "Euler ancestral" => new EulerAncestralScheduler(new EulerAncestralOptions { PredictionType = PredictionType.Velocity }),
        _ => new HeunScheduler(new HeunOptions { PredictionType = PredictionType.Velocity }),
    };

    /// <summary>A generator of pictures 2z + class.</summary>
    private sealed class Generator : ILatentDecoder
    {
        public LatentSpace LatentSpace { get; } = LatentSpace.Pixels(1);

        public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default)
        {
            ReadOnlySpan<float> labels = context.Conditioning[ConditionNames.ClassLabels]!.Values.Values();
            float[] z = latents.Values().ToArray();
            int plane = z.Length / labels.Length;
            var pictures = new float[3 * z.Length];
            for (int i = 0; i < pictures.Length; i++)
            {
                int picture = i / (3 * plane);
                pictures[i] = (2 * z[(picture * plane) + (i % plane)]) + labels[picture];
            }

            return Tensor.Create(pictures, [labels.Length, 3, latents.Lengths[2], latents.Lengths[3]]);
        }
    }
}

using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Conditions.OwnEncoders;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Pipelines;
using DiffusionSharp.Tests.Serialization;

namespace DiffusionSharp.Tests.Conditions;

/// <summary>Condition encoders as an outsider would write them: sizes, a control picture, a small picture with its noise level.</summary>
public class OwnEncoderTests
{
    private static readonly NoiseSchedule Schedule = NoiseSchedule.Linear();

    [Fact]
    public void Sizes_go_to_both_halves_of_guidance()
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).UseConditions(new SaidSizeConditions()).Build();
        pipeline.Generate(new TextToImageRequest("a cat") { Parts = [new SaidSize(512, 768, 10, 20)] });
        Assert.Equal([512, 768, 10, 20, 16, 32, 512, 768, 10, 20, 16, 32], predictor.Plans.Single().Conditioning["time_ids"]!.Values.Values());
    }

    [Fact]
    public void What_the_caller_brings_stands_in_for_an_encoder()
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).UseConditions(new SaidSizeConditions()).Build();
        pipeline.Generate(new TextToImageRequest("a cat") { Conditioning = Conditioning.Of(("time_ids", Tensor.Create([1f, 2, 3, 4, 5, 6], [1, 6]))) });
        Assert.Equal([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6], predictor.Plans.Single().Conditioning["time_ids"]!.Values.Values());
    }

    [Fact]
    public void A_control_picture_is_shown_to_the_prompt_alone_and_for_its_share_of_the_steps()
    {
        var shown = new List<(float Unconditional, float Conditional)>();
        var predictor = new RecordingPredictor((sample, timestep, plan, prediction) =>
        {
            ReadOnlySpan<float> control = plan.Conditioning["control"]!.Values.Values();
            shown.Add((control[0], control[^1]));
            Toy.Predict(sample, timestep, plan, prediction);
        });
        using DiffusionPipeline pipeline = Toy.Builder(predictor).UseConditions(new OutlineConditions()).Build();
        pipeline.Generate(new TextToImageRequest("a cat") { Steps = 5, Parts = [new Outline(Ones(), Until: 0.6)] });
        Assert.Equal([(0, 1), (0, 1), (0, 1), (0, 0), (0, 0)], shown);
        Assert.Equal(8, predictor.Plans.Single().Conditioning["control"]!.SpatialScale);

        // The conditions changed within one run of the network.
        Assert.Equal(5, predictor.Predictions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_small_picture_is_noised_before_the_initial_noise_is_drawn_or_after_it(bool drawsFirst)
    {
        float[]? firstInput = null;
        var predictor = new RecordingPredictor((sample, timestep, plan, prediction) =>
        {
            firstInput ??= sample.ToArray();
            Toy.Predict(sample, timestep, plan, prediction);
        });
        using DiffusionPipeline pipeline = Toy.PixelBuilder(predictor).UseConditions(new SmallPictureConditions(Schedule, drawsFirst)).Build();
        pipeline.Generate(new GenerationRequest { Seeds = [1, 2], Count = 2, Parts = [new SmallPicture(Gray(), 200)] });

        float[][] draws = [.. new[] { 1, 2 }.SelectMany(seed => Draws(seed))];
        (int picture, int initial) = drawsFirst ? (0, 1) : (1, 0);
        Assert.Equal([.. draws[initial], .. draws[2 + initial]], firstInput!);
        Conditioning given = predictor.Plans.Single().Conditioning;
        float[] expected = [.. new[] { draws[picture], draws[2 + picture] }.SelectMany(noise =>
        {
            var noised = new float[noise.Length];
            Schedule.AddNoise(Gray().Values(), noise, 200, noised);
            return noised;
        })];
        Assert.Equal(expected, given.Concatenated!.Values());
        Assert.Equal([200, 200], given["noise_level"]!.Values.Values());

        static float[][] Draws(int seed)
        {
            var source = new TorchCpuNoise(seed);
            float[][] draws = [new float[48], new float[48]];
            source.Fill(draws[0]);
            source.Fill(draws[1]);
            return draws;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_an_encoder_drew_is_kept_in_checkpoints_and_not_drawn_again(bool drawsFirst)
    {
        using DiffusionPipeline pipeline = Toy.PixelBuilder(new RecordingPredictor(Seeing)).UseConditions(new SmallPictureConditions(Schedule, drawsFirst)).UseScheduler(Toy.Ddpm).Build();
        var request = new GenerationRequest { Seed = 5, Count = 2, Steps = 4, Parts = [new SmallPicture(Gray(), 200)] };
        using var checkpoint = new MemoryStream();
        await foreach (DenoisingStep step in pipeline.StreamAsync(request))
        {
            if (step.Index == 1)
            {
                step.SaveCheckpoint(checkpoint, Outsiders.Json);
            }
        }

        checkpoint.Position = 0;
        float[]? latents = null;
        await foreach (DenoisingStep step in pipeline.ResumeAsync(checkpoint, Outsiders.Json))
        {
            latents = step.CopyLatents().Values().ToArray();
        }

        Assert.Equal(pipeline.Generate(request).Latents.Values(), latents!);

        static void Seeing(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction)
        {
            Toy.Predict(sample, timestep, plan, prediction);
            TensorPrimitives.Add(prediction, plan.Conditioning.Concatenated!.Values(), prediction);
        }
    }

    [Fact]
    public void Parts_of_one_row_of_a_row_for_each_picture_and_shared_ones_go_together()
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).UseConditions(new SaidSizeConditions(), new OutlineConditions()).Build();
        var scales = new ConditionPart("adapter_scale", Tensor.Create([0.5f, 0.25f], [2])) { IsShared = true };
        pipeline.Generate(new TextToImageRequest("")
        {
            Prompts = ["a cat", "a dog"],
            Count = 2,
            Conditioning = Conditioning.None.With(scales),
            Parts = [new Outline(Ones())],
        });
        Conditioning given = predictor.Plans.Single().Conditioning;
        Assert.Equal([4, 2, 3], given.Context!.Lengths);
        Assert.Equal([.. ToyTextEncoder.Embed(""), .. ToyTextEncoder.Embed(""), .. ToyTextEncoder.Embed("a cat"), .. ToyTextEncoder.Embed("a dog")], given.Context!.Values());
        Assert.Equal([4, 6], given["time_ids"]!.Values.Lengths);
        Assert.Equal([4, 1, 16, 32], given["control"]!.Values.Lengths);
        Assert.Equal([0.5f, 0.25f], given["adapter_scale"]!.Values.Values());
    }

    [Fact]
    public void An_encoder_refuses_a_bad_request_before_any_work()
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        var textEncoder = new ToyTextEncoder();
        using DiffusionPipeline pipeline = Toy.Builder(predictor, textEncoder).UseConditions(new SaidSizeConditions(), new OutlineConditions(), new SmallPictureConditions(Schedule, drawsFirst: true)).Build();
        AssertRefused("0x5", new SaidSize(0, 5), new SmallPicture(Gray(), 3));
        AssertRefused("[1, 3, 4, 4]", new Outline(Gray()), new SmallPicture(Gray(), 3));
        AssertRefused("no small picture");
        AssertRefused("1000", new SmallPicture(Gray(), 1000));
        Assert.Empty(textEncoder.Calls);
        Assert.Empty(predictor.Plans);

        void AssertRefused(string words, params IRequestPart[] parts) =>
            Assert.Contains(words, Assert.Throws<ArgumentException>(() => pipeline.Generate(new TextToImageRequest("a cat") { Parts = parts })).Message, StringComparison.Ordinal);
    }

    private static Tensor<float> Ones() => Tensor.Create([.. Enumerable.Repeat(1f, 16 * 32)], [1, 1, 16, 32]);

    private static Tensor<float> Gray() => Tensor.Create([.. Enumerable.Repeat(0.5f, 3 * 4 * 4)], [1, 3, 4, 4]);
}

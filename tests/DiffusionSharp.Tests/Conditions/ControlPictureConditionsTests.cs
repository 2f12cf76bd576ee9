using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Conditions;

/// <summary>Control pictures of a request, and the weights that they have at each step.</summary>
public class ControlPictureConditionsTests
{
    private static readonly Tensor<float> Picture = Toy.Picture();

    [Fact]
    public void Pictures_reach_the_network_in_0_to_1_for_both_predictions()
    {
        Conditioning seen = Run(new ControlPictureConditions(1), new ControlPictures(new ControlPicture(Picture)))[0];
        ConditionPart part = seen[ConditionNames.ControlPicture(0)]!;
        Assert.Equal([2, 3, 16, 32], part.Values.Lengths);
        Assert.Equal(8, part.SpatialScale);
        float[] unit = [.. Picture.ToArray().Select(value => (value + 1) / 2)];
        Assert.All(part.Values.ToArray().Zip(unit.Concat(unit)), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
        Assert.Equal([1, 1, 1, 1], seen[ConditionNames.ControlWeight(0)]!.Values.ToArray());
    }

    // As diffusers: on where i/n >= start and (i+1)/n <= end, here with n = 6.
    [Theory]
    [InlineData(0, 1, "111111")]
    [InlineData(0.2, 0.8, "001100")]
    [InlineData(0.5, 1, "000111")]
    [InlineData(0, 0.5, "111000")]
    [InlineData(0.34, 0.6, "000000")]
    public void A_net_counts_between_its_start_and_its_end(double start, double end, string on)
    {
        List<Conditioning> steps = Run(new ControlPictureConditions(1), new ControlPictures(new ControlPicture(Picture) { Start = start, End = end, Weight = 0.5 }));
        Assert.Equal(on, string.Concat(steps.Select(seen => seen[ConditionNames.ControlWeight(0)]!.Values.ToArray() is [0.5f, 0.5f, 0.5f, 0.5f] ? '1' : '0')));
        Assert.All(steps.SelectMany(seen => seen[ConditionNames.ControlWeight(0)]!.Values.ToArray()), weight => Assert.True(weight is 0 or 0.5f));
    }

    // Heun's last step asks once, the others twice: four steps are seven calls, and diffusers counts calls.
    [Theory]
    [InlineData(0, 0.5, "1110000")]
    [InlineData(0.4, 1, "0001111")]
    [InlineData(0.14, 0.9, "0111110")]
    public void What_counts_are_model_calls(double start, double end, string on)
    {
        var edges = new ControlPicture(Picture) { Start = start, End = end };
        var heun = new HeunScheduler(new HeunOptions { PredictionType = PredictionType.Velocity });
        List<Conditioning> calls = Run(new ControlPictureConditions(1), new TextToImageRequest("a cat") { Steps = 4, Scheduler = heun, Parts = [new ControlPictures(edges)] });
        Assert.Equal(on, string.Concat(calls.Select(seen => seen[ConditionNames.ControlWeight(0)]!.Values[0, 0])));
    }

    [Fact]
    public void A_control_picture_that_nothing_reads_is_refused_by_name()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        foreach (IRequestPart part in (IRequestPart[])[new ControlPictures(new ControlPicture(Picture)), new ImagePrompts(Picture)])
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => pipeline.Generate(new TextToImageRequest("a cat") { Parts = [part] }));
            Assert.Contains(part.GetType().Name, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Steps_count_from_where_a_generation_begins()
    {
        var request = new ImageToImageRequest("a cat", Picture) { Strength = 0.5, Parts = [new ControlPictures(new ControlPicture(Picture) { End = 0.4 })] };
        List<Conditioning> steps = Run(new ControlPictureConditions(1), request);
        Assert.Equal([1, 0, 0], steps.Select(seen => seen[ConditionNames.ControlWeight(0)]!.Values[0, 0]));
    }

    [Fact]
    public void Guess_mode_guides_the_conditional_prediction_alone_and_deeper_residuals_more()
    {
        Conditioning seen = Run(new ControlPictureConditions(1), new ControlPictures(new ControlPicture(Picture) { Weight = 0.5 }) { GuessMode = true })[0];
        Assert.Equal([0, 0, 0.05f, 0.5f], seen[ConditionNames.ControlWeight(0)]!.Values.ToArray());
        seen = Run(new ControlPictureConditions(1) { PoolGlobally = true }, new ControlPictures(new ControlPicture(Picture)))[0];
        Assert.Equal([0, 0, 1, 1], seen[ConditionNames.ControlWeight(0)]!.Values.ToArray());
    }

    [Fact]
    public void Nets_inside_of_a_graph_have_shared_weights()
    {
        Conditioning seen = Run(new ControlPictureConditions(2) { AreMerged = true }, new ControlPictures(new ControlPicture(Picture) { Weight = 0.5 }, new ControlPicture(Picture)))[0];
        ConditionPart part = seen[ConditionNames.ControlWeight(0)]!;
        Assert.True(part.IsShared);
        Assert.Equal([0.5f, 0.5f], part.Values.ToArray());
        Assert.Equal([1, 1], seen[ConditionNames.ControlWeight(1)]!.Values.ToArray());
    }

    [Fact]
    public void What_is_wrong_with_a_request_is_said_before_any_work()
    {
        AssertRefused(new ControlPictureConditions(1), null, "1 control picture", "ControlPictures", "Weight");
        AssertRefused(new ControlPictureConditions(2), new ControlPictures(new ControlPicture(Picture)), "1 control picture", "2 ControlNet");
        AssertRefused(new ControlPictureConditions(1), new ControlPictures(new ControlPicture(Toy.Picture(8, 32))), "[1, 3, 8, 32]", "32 x 16", "[1, 3, 16, 32]");
        AssertRefused(new ControlPictureConditions(1), new ControlPictures(new ControlPicture(Tensor.Create(new float[3 * 3 * 16 * 32], [3, 3, 16, 32]))), "[3, 3, 16, 32]");
        AssertRefused(new ControlPictureConditions(1), new ControlPictures(new ControlPicture(Picture) { Weight = double.NaN }), "Weight", "finite");
        AssertRefused(new ControlPictureConditions(2), new ControlPictures(new ControlPicture(Picture), new ControlPicture(Picture) { Start = 0.5, End = 0.5 }), "Control picture 1", "Start", "0.5");
        AssertRefused(new ControlPictureConditions(1) { AreMerged = true }, new ControlPictures(new ControlPicture(Picture)) { GuessMode = true }, "GuessMode");
        Assert.Throws<ArgumentOutOfRangeException>(() => new ControlPictureConditions(0));
    }

    [Fact]
    public void A_caller_may_bring_them_as_conditions()
    {
        Conditioning own = Conditioning.None
            .With(ConditionNames.ControlPicture(0), Tensor.Create([0.25f], [1, 1, 1, 1]))
            .With(ConditionNames.ControlWeight(0), Tensor.Create([0.1f, 0.2f], [1, 2]));
        Conditioning seen = Run(new ControlPictureConditions(1), new TextToImageRequest("a cat") { Conditioning = own })[0];
        Assert.Equal([0.1f, 0.2f, 0.1f, 0.2f], seen[ConditionNames.ControlWeight(0)]!.Values.ToArray());
    }

    [Fact]
    public void A_picture_of_a_batch_is_made_again_with_its_own_control_picture()
    {
        Tensor<float> two = Tensor.Concatenate<float>([Picture, Tensor.Create(new float[3 * 16 * 32], [1, 3, 16, 32])]);
        using DiffusionPipeline pipeline = Pipeline(new ControlPictureConditions(1), []);
        GenerationResult result = pipeline.Generate(new TextToImageRequest("a cat") { Count = 2, Seed = 3, Parts = [new ControlPictures(new ControlPicture(two) { Weight = 0.3 })] });
        GenerationResult again = pipeline.Generate(result.Images[1].Request);
        Assert.Equal(result.Images[1].Pixels.ToArray(), again.Images[0].Pixels.ToArray());
        ControlPicture single = Assert.Single(result.Images[1].Request.Part<ControlPictures>()!.Pictures);
        Assert.All(single.Pixels.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(0.3, single.Weight);
    }

    private static void AssertRefused(ControlPictureConditions conditions, ControlPictures? part, params string[] says)
    {
        var steps = new List<Conditioning>();
        using DiffusionPipeline pipeline = Pipeline(conditions, steps);
        ArgumentException error = Assert.Throws<ArgumentException>(() => pipeline.Generate(new TextToImageRequest("a cat") { Parts = part is null ? [] : [part] }));
        Assert.All(says, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        Assert.Empty(steps);
    }

    private static List<Conditioning> Run(ControlPictureConditions conditions, ControlPictures part) => Run(conditions, new TextToImageRequest("a cat") { Parts = [part] });

    private static List<Conditioning> Run(ControlPictureConditions conditions, GenerationRequest request)
    {
        var steps = new List<Conditioning>();
        using DiffusionPipeline pipeline = Pipeline(conditions, steps);
        pipeline.Generate(request);
        return steps;
    }

    // The conditions of every step, and a prediction that depends on the weight and the control picture.
    private static DiffusionPipeline Pipeline(ControlPictureConditions conditions, List<Conditioning> steps)
    {
        INoisePredictor predictor = NoisePredictor.FromFunction((sample, timestep, plan, prediction) =>
        {
            steps.Add(plan.Conditioning);
            Toy.Predict(sample, timestep, plan, prediction);
            ConditionPart picture = plan.Conditioning[ConditionNames.ControlPicture(0)]!;
            for (int i = 0; i < prediction.Length; i++)
            {
                prediction[i] += picture.Values.Values()[i * picture.Values.Values().Length / prediction.Length] / 8;
            }
        });
        return Toy.Builder(predictor).UseConditions(conditions).Build();
    }
}

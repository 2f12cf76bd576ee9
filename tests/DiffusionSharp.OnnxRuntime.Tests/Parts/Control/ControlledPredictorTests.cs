using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts.Control;

/// <summary>A UNet that ControlNets add to, beside the formulas of the fixtures.</summary>
public class ControlledPredictorTests
{
    // A few roundings of values below 16, of float32 and of float16 with its 11 bits.
    private const double Single = 1e-5;
    private const double Half = 6e-2;

    [Theory]
    [InlineData("controlled", "scaled", Single)]
    [InlineData("controlled", "unscaled", Single)]
    [InlineData("controlled-float16", "float16", Half)]
    public void A_net_adds_to_every_skip_connection_by_its_weight(string unet, string net, double tolerance)
    {
        using OnnxControlledPredictor predictor = Predictor(unet, net);
        AssertFormula(predictor, tolerance, [(0.75f, 0.75f), (-0.5f, -0.5f)]);
    }

    [Fact]
    public void Weights_between_the_shallowest_and_the_deepest_residual_are_geometric()
    {
        using OnnxControlledPredictor predictor = Predictor("controlled", "scaled");
        AssertFormula(predictor, Single, [(0.1f, 1), (0, 0)]);
    }

    [Fact]
    public void Nets_add_up()
    {
        using OnnxControlledPredictor predictor = Predictor("controlled", "scaled", "unscaled", "scaled");
        AssertFormula(predictor, Single, [(1, 1), (1, 1)], [(0.25f, 0.25f), (0.5f, 0.5f)], [(0.2f, 2), (0, 0)]);
    }

    [Fact]
    public void A_net_without_a_weight_adds_nothing_also_later_and_before()
    {
        using OnnxControlledPredictor predictor = Predictor("controlled", "scaled");
        (float, float)[] off = [(0, 0), (0, 0)];
        (float, float)[] on = [(1, 1), (0.5f, 0.5f)];
        using IPredictionRun run = predictor.Start(new PredictionPlan(Plans.Shape(2), ControlFormula.Conditions(2, off)));
        AssertStep(run, 900, off);
        run.SetConditions(ControlFormula.Conditions(2, on));
        AssertStep(run, 500, on);
        run.SetConditions(ControlFormula.Conditions(2, off));
        AssertStep(run, 100, off);
    }

    [Fact]
    public void Rows_are_replaced_with_their_pictures_and_weights()
    {
        using OnnxControlledPredictor predictor = Predictor("controlled", "scaled");
        using IRowwiseRun run = predictor.StartRows(new PredictionPlan(Plans.Shape(3), ControlFormula.Conditions(3, [(1, 1), (1, 1), (1, 1)])));
        run.SetConditions(0, ControlFormula.Conditions(1, [(0.5f, 0.5f)]));
        Conditioning two = ControlFormula.Conditions(2, [(0.1f, 1), (0, 0)]);
        run.SetConditions(1, two);
        float[] sample = Values.Array(run.Sample.Length);
        sample.CopyTo(run.Sample);
        run.Predict([250, 250, 250]);
        int length = Plans.Shape(1).Length;
        Assertions.Near(ControlFormula.Compute(sample[length..], 250, Plans.Shape(2), two, [(0.1f, 1), (0, 0)]), run.Prediction[length..], Single);
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        using OnnxControlledPredictor predictor = Predictor("controlled", "scaled", "unscaled");
        using IPredictionRun run = predictor.Start(new PredictionPlan(Plans.Shape(2), ControlFormula.Conditions(2, [(1, 1), (0, 0)], [(0, 0), (0, 0)])));
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () =>
        {
            for (int timestep = 999; timestep >= 0; timestep -= 50)
            {
                run.Predict(timestep);
            }
        }));
    }

    [Fact]
    public void On_a_device_residuals_stay_there_and_predictions_have_the_same_bits()
    {
        using var device = new Devices();
        using OnnxControlledPredictor here = Predictor("controlled", "scaled", "unscaled");
        using var there = new OnnxControlledPredictor(
            Fixture.Predictor("controlled", device.Options),
            new OnnxControlNet(Fixture.Path("control-nets/scaled.onnx"), device.Options),
            new OnnxControlNet(Fixture.Path("control-nets/unscaled.onnx"), device.Options));
        var plan = new PredictionPlan(Plans.Shape(2), ControlFormula.Conditions(2, [(1, 1), (0.5f, 0.5f)], [(0.1f, 1), (0, 0)]));
        using IPredictionRun expected = here.Start(plan);
        using IPredictionRun actual = there.Start(plan);
        Step();
        long before = device.Copies;
        Step();

        // Sample and timestep of three models there, the prediction back.
        Assert.Equal(7, device.Copies - before);

        void Step()
        {
            float[] sample = Values.Array(expected.Sample.Length, 5);
            sample.CopyTo(expected.Sample);
            sample.CopyTo(actual.Sample);
            expected.Predict(640);
            actual.Predict(640);
            Assertions.SameBits(expected.Prediction, actual.Prediction);
        }
    }

    [Fact]
    public void A_prediction_can_be_read_after_the_end_and_no_further_one_made()
    {
        using OnnxControlledPredictor predictor = Predictor("controlled", "scaled");
        using IPredictionRun run = predictor.Start(new PredictionPlan(Plans.Shape(1), ControlFormula.Conditions(1, [(1, 1)])));
        run.Predict(1);
        float[] before = run.Prediction.ToArray();
        run.Finish();
        Assertions.SameBits(before, run.Prediction);
        Assert.Throws<ObjectDisposedException>(() => run.Predict(1));
    }

    [Fact]
    public void Pictures_and_weights_that_are_missing_or_wrong_are_named()
    {
        using OnnxControlledPredictor predictor = Predictor("controlled", "scaled");
        Conditioning all = ControlFormula.Conditions(2, [(1, 1), (1, 1)]);
        Start(all.Without("control_picture.0")).Says("'controlnet_cond'", "'control_picture.0'");
        Start(all.Without("control_weight.0")).Says("'control_weight.0'");
        Start(all.With("control_weight.0", Tensor.Create<float>([1, 1], [2, 1]))).Says("'control_weight.0'", "[2, 1]", "[2, 2]");

        ArgumentException Start(Conditioning conditions) => Assert.Throws<ArgumentException>(() => predictor.Start(new PredictionPlan(Plans.Shape(2), conditions)));
    }

    [Fact]
    public void Models_that_do_not_belong_together_are_refused()
    {
        using OnnxNoisePredictor plain = Fixture.Predictor("optimum-float32");
        using OnnxNoisePredictor half = Fixture.Predictor("controlled-float16");
        using OnnxNoisePredictor one = Fixture.Predictor("controlled");
        using OnnxControlNet net = Net("scaled");
        Assert.Throws<ModelFormatException>(() => new OnnxControlledPredictor(plain, net)).Says("down_block_additional_residuals.N");
        Assert.Throws<ModelFormatException>(() => new OnnxControlledPredictor(half, net)).Says("Float16", "down_block_res_samples.0");
        Assert.Throws<ArgumentException>(() => new OnnxControlledPredictor(one)).Says("no ControlNet");
        Assert.Throws<ModelFormatException>(() => new OnnxControlNet(Fixture.Path("predictors/optimum-float32.onnx"))).Says("'controlnet_cond'");
    }

    [Fact]
    public void The_fingerprint_is_that_of_all_the_models()
    {
        using OnnxControlledPredictor one = Predictor("controlled", "scaled");
        using OnnxControlledPredictor same = Predictor("controlled", "scaled");
        using OnnxControlledPredictor other = Predictor("controlled", "unscaled");
        Assert.Equal(one.Fingerprint, same.Fingerprint);
        Assert.NotEqual(one.Fingerprint, other.Fingerprint);
    }

    private static OnnxControlNet Net(string name) => new(Fixture.Path($"control-nets/{name}.onnx"));

    private static OnnxControlledPredictor Predictor(string unet, params string[] nets) => new(Fixture.Predictor(unet), [.. nets.Select(Net)]);

    private static void AssertFormula(OnnxControlledPredictor predictor, double tolerance, params (float First, float Last)[][] weights)
    {
        using IPredictionRun run = predictor.Start(new PredictionPlan(Plans.Shape(2), ControlFormula.Conditions(2, weights)));
        AssertStep(run, 500, tolerance, weights);
        AssertStep(run, 20, tolerance, weights);
        Assert.Equal(2, run.Evaluations);
    }

    private static void AssertStep(IPredictionRun run, int timestep, params (float First, float Last)[][] weights) => AssertStep(run, timestep, Single, weights);

    private static void AssertStep(IPredictionRun run, int timestep, double tolerance, params (float First, float Last)[][] weights)
    {
        float[] sample = Values.Array(run.Sample.Length, timestep);
        sample.CopyTo(run.Sample);
        run.Predict(timestep);
        Assertions.Near(ControlFormula.Compute(sample, timestep, run.Shape, ControlFormula.Conditions(run.Shape.Batch, weights), weights), run.Prediction, tolerance);
    }
}

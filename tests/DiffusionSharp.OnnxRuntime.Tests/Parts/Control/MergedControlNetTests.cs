using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts.Control;

/// <summary>A graph that has its ControlNets inside: the pictures' batch is its second dimension, and weights have none.</summary>
public class MergedControlNetTests
{
    private const double Tolerance = 1e-5;

    [Fact]
    public void Pictures_of_each_net_lie_behind_another_and_weights_are_one_for_each()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("controlled-merged");
        using IPredictionRun run = predictor.Start(new PredictionPlan(Plans.Shape(2), Conditions(0.5f, 2)));
        float[] sample = Values.Array(run.Sample.Length);
        sample.CopyTo(run.Sample);
        run.Predict(300);
        Assertions.Near(Expected(sample, 300, 0.5, 2), run.Prediction, Tolerance);
        run.SetConditions(Conditions(0, 0));
        run.Predict(200);
        Assertions.Near(Expected(sample, 200, 0, 0), run.Prediction, Tolerance);
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("controlled-merged");
        using IPredictionRun run = predictor.Start(new PredictionPlan(Plans.Shape(2), Conditions(1, 1)));
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () =>
        {
            for (int timestep = 999; timestep >= 0; timestep -= 50)
            {
                run.Predict(timestep);
            }
        }));
    }

    [Fact]
    public void Weights_of_a_row_and_pictures_of_other_sizes_are_refused_by_name()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("controlled-merged");
        Conditioning all = Conditions(1, 1);
        Start(all.With("control_weight.1", Tensor.Create<float>([1, 1, 1, 1], [2, 2]))).Says("'control_weight.1'", "shared");
        Start(all.With("control_picture.1", Values.Tensor(0, 2, 3, 8, 8))).Says("'control_picture.1'", "[2, 3, 8, 8]");
        Start(all.Without("control_picture.0")).Says("'controlnet_conds'", "'control_picture.0'");

        ArgumentException Start(Conditioning conditions) => Assert.Throws<ArgumentException>(() => predictor.Start(new PredictionPlan(Plans.Shape(2), conditions)));
    }

    private static Conditioning Conditions(float first, float second) => Plans.Context(2)
        .With(ConditionNames.ControlPicture(0), Values.Tensor(40, 2, 3, 8, 12))
        .With(ConditionNames.ControlPicture(1), Values.Tensor(70, 2, 3, 8, 12))
        .With(new ConditionPart(ConditionNames.ControlWeight(0), Tensor.Create([first, first], [2])) { IsShared = true })
        .With(new ConditionPart(ConditionNames.ControlWeight(1), Tensor.Create([second, second], [2])) { IsShared = true });

    private static double[] Expected(float[] sample, double timestep, double first, double second)
    {
        double[] expected = PredictorFormula.Compute(sample, timestep, Plans.Shape(2), Plans.Context(2));
        int picture = 3 * 8 * 12;
        for (int i = 0; i < expected.Length; i++)
        {
            int row = i / Plans.Shape(1).Length;
            expected[i] += first * Values.Array(2 * picture, 40).Skip(row * picture).Take(picture).Average(value => (double)value);
            expected[i] += 2 * second * Values.Array(2 * picture, 70).Skip(row * picture).Take(picture).Average(value => (double)value);
        }

        return expected;
    }
}

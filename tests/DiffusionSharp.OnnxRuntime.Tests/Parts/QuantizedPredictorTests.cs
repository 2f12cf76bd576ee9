using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>
/// Graphs with weights of 8 and 4 bits, which take and give float32 like any other: x/2 + W·mean(context) with W[n, k] = ((7·n + 3·k) mod 16 - 8)/64, 4 by 16.
/// </summary>
public class QuantizedPredictorTests
{
    // With weights of 8 bits ONNX Runtime rounds the mean to 8 bits, too, asked or not: each of its 16 numbers is off by up to half of a 255th of [-2, 2], and weights are
    // up to 1/8.
    [Theory]
    [InlineData("4-bits", 1e-5)]
    [InlineData("int8-weights", 16 * 0.125 * 4 / 255 / 2)]
    [InlineData("int8-product", 16 * 0.125 * 4 / 255 / 2)]
    public void It_predicts_what_its_weights_say(string model, double tolerance)
    {
        var shape = new SampleShape(1, 4, 4, 6);
        Tensor<float> context = Values.Tensor(50, 1, 3, 16);
        using OnnxNoisePredictor predictor = Fixture.Predictor(model);
        using IPredictionRun run = predictor.Start(new PredictionPlan(shape, Conditioning.None.With(ConditionNames.Context, context)));
        float[] sample = Values.Array(shape.Length);
        sample.CopyTo(run.Sample);
        run.Predict(7);

        var expected = new double[sample.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = sample[i] / 2;
            for (int k = 0; k < 16; k++)
            {
                double mean = (context[0, 0, k] + (double)context[0, 1, k] + context[0, 2, k]) / 3;
                expected[i] += ((((7 * (i / 24)) + (3 * k)) % 16) - 8) / 64.0 * mean;
            }
        }

        Assertions.Near(expected, run.Prediction, tolerance);
    }
}

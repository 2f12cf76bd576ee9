using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Prediction;

/// <summary>Predictions whose variance is dropped.</summary>
public class WithoutVarianceTests
{
    [Fact]
    public void What_is_left_are_the_predictions_of_all_pictures()
    {
        var shape = new SampleShape(3, 1, 1, 2);
        using IPredictionRun run = NoisePredictor.WithoutVariance(new Doubling()).Start(new PredictionPlan(shape, Conditioning.None));
        Assert.Equal(6, run.Prediction.Length);
        for (int call = 0; call < 2; call++)
        {
            ((ReadOnlySpan<float>)[1, 2, 3, 4, 5, 6]).CopyTo(run.Sample);
            run.Predict(default);
            Assert.Equal([1, 2, 3, 4, 5, 6], run.Prediction.ToArray());
        }
    }

    // Gives the sample back, and behind each picture its negative.
    private sealed class Doubling : INoisePredictor
    {
        public IPredictionRun Start(PredictionPlan plan) => new Run(plan);

        private sealed class Run(PredictionPlan plan) : StatelessPredictionRun(plan.Shape)
        {
            private readonly float[] _sample = new float[plan.Shape.Length];
            private readonly float[] _prediction = new float[2 * plan.Shape.Length];

            public override Span<float> Sample => _sample;

            public override Span<float> Prediction => _prediction;

            public override void SetConditions(Conditioning conditioning)
            {
            }

            public override void Predict(in StepPoint at)
            {
                int length = Shape.ImageLength;
                for (int i = 0; i < _sample.Length; i++)
                {
                    int place = (i / length * 2 * length) + (i % length);
                    (_prediction[place], _prediction[place + length]) = (_sample[i], -_sample[i]);
                }
            }
        }
    }
}

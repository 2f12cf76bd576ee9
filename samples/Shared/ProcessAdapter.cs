using System.Numerics.Tensors;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Samples;

/// <summary>
/// A model that predicts ε of the variance-preserving process, seen as a model of whatever process a scheduler has in mind, so that samplers for
/// flow-matching, EDM and consistency models can be shown with it. All add Gaussian noise: what differs is how the input is scaled, how the
/// noise level is told, and what is predicted, all of which a <see cref="NoiseLevel"/> says. At a level noisier than the model knows it is
/// asked at its noisiest.
/// </summary>
internal sealed class ProcessAdapter(INoisePredictor model, NoiseSchedule schedule) : DelegatingNoisePredictor(model, leaveOpen: true)
{
    private readonly double[] _ratios = Array.ConvertAll(schedule.AlphaBar.ToArray(), alphaBar => Math.Sqrt((1 - (double)alphaBar) / alphaBar));

    public override IPredictionRun Start(PredictionPlan plan) => new Run(this, Inner.Start(plan));

    /// <summary>The model's own level of as much noise beside as much signal: x' = (x_0 + r·ε)/sqrt(1 + r²), so x_0 = sqrt(1 + r²)·x' - r·ε.</summary>
    private NoiseLevel LevelLike(in NoiseLevel asked, double norm)
    {
        double ratio = Math.Min(asked.Sigma / asked.Alpha, _ratios[^1]);
        double unit = Math.Sqrt(1 + (ratio * ratio));
        return new NoiseLevel
        {
            Timestep = TimestepOf(ratio),
            Alpha = 1 / unit,
            Sigma = ratio / unit,
            InputScale = asked.InputScale / norm,
            FromInput = unit,
            FromPrediction = -ratio,
        };
    }

    private double TimestepOf(double ratio)
    {
        int above = Array.FindIndex(_ratios, known => known >= ratio);
        return above <= 0 ? 0 : above - 1 + (Math.Log(ratio / _ratios[above - 1]) / Math.Log(_ratios[above] / _ratios[above - 1]));
    }

    private sealed class Run(ProcessAdapter adapter, IPredictionRun inner) : DelegatingPredictionRun(inner)
    {
        private readonly float[] _input = new float[inner.Shape.Length];

        public override Span<float> Sample => _input;

        public override void Predict(in StepPoint at)
        {
            NoiseLevel asked = at.Level;
            double norm = double.Hypot(asked.Alpha, asked.Sigma);
            NoiseLevel own = adapter.LevelLike(asked, norm);
            TensorPrimitives.Divide(_input, (float)norm, Inner.Sample);
            Inner.Predict(at with { Level = own });

            // Both imply the same x_0; where it does not depend on the prediction, anything will do.
            double share = asked.FromPrediction == 0 ? 0 : 1 / asked.FromPrediction;
            TensorPrimitives.Multiply(Prediction, (float)(own.FromPrediction * share), Prediction);
            TensorPrimitives.MultiplyAdd(_input, (float)(((own.FromInput / norm) - asked.FromInput) * share), Prediction, Prediction);
        }
    }
}

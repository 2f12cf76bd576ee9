using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Orleans.Tests.Support;

/// <summary>A formula as a predictor whose calls can be shared, with a number for each picture among its conditions.</summary>
/// <param name="before">Told of each call: its timestep, the numbers of its pictures, and what stops it.</param>
internal sealed class ToyPredictor(Action<double, float[], CancellationToken> before) : IRowwisePredictor
{
    public const string Number = "number";

    public int? FixedRows => null;

    public bool HasTimestepPerRow => true;

    public IPredictionRun Start(PredictionPlan plan) => StartRows(plan);

    public IRowwiseRun StartRows(PredictionPlan plan) => new Run(before, plan);

    private sealed class Run(Action<double, float[], CancellationToken> before, PredictionPlan plan) : StatelessPredictionRun(plan.Shape), IRowwiseRun
    {
        private readonly float[] _sample = new float[plan.Shape.Length];
        private readonly float[] _prediction = new float[plan.Shape.Length];
        private readonly float[] _numbers = Numbers(plan.Conditioning, plan.Shape.Batch);

        public override Span<float> Sample => _sample;

        public override Span<float> Prediction => _prediction;

        public override void SetConditions(Conditioning conditioning) => Numbers(conditioning, _numbers.Length).CopyTo(_numbers, 0);

        public void SetConditions(int row, Conditioning conditioning) => _numbers[row] = Numbers(conditioning, 1)[0];

        public override void Predict(in StepPoint at)
        {
            var timesteps = new double[_numbers.Length];
            Array.Fill(timesteps, at.Level.Timestep);
            Predict(timesteps);
        }

        public void Predict(ReadOnlySpan<double> timesteps)
        {
            before(timesteps[0], _numbers, plan.CancellationToken);
            int row = _sample.Length / _numbers.Length;
            for (int i = 0; i < _sample.Length; i++)
            {
                _prediction[i] = (0.6f * _sample[i] / (1 + Math.Abs(_sample[i]))) + (0.1f * (float)(timesteps[i / row] / 1000));
            }

            Evaluations++;
        }

        // A warm-up has none.
        private static float[] Numbers(Conditioning conditioning, int rows) => conditioning.Expand(rows)[Number]?.Values.Values().ToArray() ?? new float[rows];
    }
}

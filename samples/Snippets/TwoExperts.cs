using DiffusionSharp.Prediction;

namespace DiffusionSharp.Snippets;

#region predictor-decorator
/// <summary>Two networks, one for the noisy part of the way and one for the rest, as in eDiff-I (Balaji et al. 2022, arXiv:2211.01324).</summary>
internal sealed class TwoExperts(INoisePredictor noisy, INoisePredictor clean, double boundary) : DelegatingNoisePredictor(noisy, leaveOpen: false, clean)
{
    public override IPredictionRun Start(PredictionPlan plan)
    {
        IPredictionRun[] runs = StartAll(plan);
        return new Run(runs[0], runs[1], boundary);
    }

    private sealed class Run(IPredictionRun noisy, IPredictionRun clean, double boundary) : DelegatingPredictionRun(noisy, clean)
    {
        private bool _isClean;

        public override Span<float> Prediction => _isClean ? clean.Prediction : Inner.Prediction;

        public override void Predict(in StepPoint at)
        {
            _isClean = at.Level.Timestep < boundary;
            if (!_isClean)
            {
                Inner.Predict(at);
                return;
            }

            Sample.CopyTo(clean.Sample);
            clean.Predict(at);
        }
    }
}
#endregion

using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Snippets;

#region predictor-decorator
/// <summary>Two networks, one for the noisy part of the way and one for the rest, as in eDiff-I (Balaji et al. 2022, arXiv:2211.01324).</summary>
internal sealed class TwoExperts(INoisePredictor noisy, INoisePredictor clean, double boundary) : INoisePredictor
{
    public int SizeMultiple => noisy.SizeMultiple;

    public IPredictionRun Start(PredictionPlan plan) => new Run(noisy.Start(plan), clean.Start(plan), boundary);

    private sealed class Run(IPredictionRun noisy, IPredictionRun clean, double boundary) : DelegatingPredictionRun(noisy)
    {
        private bool _isClean;

        public override Span<float> Prediction => _isClean ? clean.Prediction : Inner.Prediction;

        public override int Evaluations => Inner.Evaluations + clean.Evaluations;

        public override void SetConditions(Conditioning conditioning)
        {
            Inner.SetConditions(conditioning);
            clean.SetConditions(conditioning);
        }

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

        public override void Finish()
        {
            Inner.Finish();
            clean.Finish();
        }

        public override void Save(BinaryWriter writer)
        {
            Inner.Save(writer);
            clean.Save(writer);
        }

        public override void Restore(BinaryReader reader)
        {
            Inner.Restore(reader);
            clean.Restore(reader);
        }

        protected override void Dispose(bool disposing)
        {
            clean.Dispose();
            base.Dispose(disposing);
        }
    }
}
#endregion

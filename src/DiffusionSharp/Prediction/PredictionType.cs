namespace DiffusionSharp.Prediction;

/// <summary>What a noise predictor's output stands for, with <c>x_t = sqrt(ᾱ_t)·x_0 + sqrt(1-ᾱ_t)·ε</c>.</summary>
public enum PredictionType
{
    /// <summary>The noise ε (Ho et al. 2020, arXiv:2006.11239, eq. 14).</summary>
    Epsilon,

    /// <summary>The clean sample x_0.</summary>
    Sample,

    /// <summary>The velocity <c>v = sqrt(ᾱ_t)·ε - sqrt(1-ᾱ_t)·x_0</c> (Salimans &amp; Ho 2022, arXiv:2202.00512, appendix D).</summary>
    Velocity,

    /// <summary>The velocity of flow matching, ε - x_0 (Lipman et al. 2023, arXiv:2210.02747).</summary>
    Flow,
}

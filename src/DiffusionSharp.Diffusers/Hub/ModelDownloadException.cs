namespace DiffusionSharp.Diffusers;

/// <summary>A model could not be downloaded. The message names the file or the model, and what to do.</summary>
public sealed class ModelDownloadException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What could not be downloaded, and why.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ModelDownloadException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

namespace XenViz.Conformance;

/// <summary>A trace says something that no trace may say. The message names the key and what was expected.</summary>
sealed class TraceFormatException(string message) : Exception(message);

//! Whom to trust, and who we are: the certificates that the system trusts, those of a file, or anybody.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

/// What the user says about certificates.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// A PEM file with the only certificates to trust; those of the system without one.
    pub roots: Option<PathBuf>,
    /// PEM files with our own certificate chain and its key.
    pub identity: Option<(PathBuf, PathBuf)>,
    /// True if any certificate will do.
    pub trusts_anybody: bool,
}

/// Why certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificates of the system cannot be read.
    #[error(
        "the certificates that the system trusts cannot be read ({0}); name others with --cacert FILE"
    )]
    System(String),
    /// A file is not there, or holds no certificate or key.
    #[error("`{}` cannot be used as {what}: {reason}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The key does not belong to the certificate, or cannot be used.
    #[error("the client certificate cannot be used: {0}")]
    Identity(String),
}

impl Tls {
    /// The configuration; without encryption, nothing is read that would not be used.
    pub(super) fn config(&self, is_encrypted: bool) -> Result<ClientConfig, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::System(error.to_string()))?;
        if !is_encrypted {
            let nobody = builder.with_root_certificates(RootCertStore::empty());
            return Ok(nobody.with_no_client_auth());
        }
        let builder = builder
            .dangerous()
            .with_custom_certificate_verifier(self.verifier(provider)?);
        let Some((chain, key)) = &self.identity else {
            return Ok(builder.with_no_client_auth());
        };
        let chain = certificates(chain)?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(|error| TlsError::File {
            path: key.clone(),
            what: "the key of the client certificate",
            reason: error.to_string(),
        })?;
        builder
            .with_client_auth_cert(chain, key)
            .map_err(|error| TlsError::Identity(error.to_string()))
    }

    fn verifier(
        &self,
        provider: Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
        if self.trusts_anybody {
            return Ok(Arc::new(Anybody(provider)));
        }
        let Some(path) = &self.roots else {
            let system = rustls_platform_verifier::Verifier::new(provider);
            return Ok(Arc::new(
                system.map_err(|error| TlsError::System(error.to_string()))?,
            ));
        };
        let fault = |reason: String| TlsError::File {
            path: path.clone(),
            what: "the certificates to trust",
            reason,
        };
        let mut roots = RootCertStore::empty();
        for certificate in certificates(path)? {
            roots
                .add(certificate)
                .map_err(|error| fault(error.to_string()))?;
        }
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
        Ok(verifier.build().map_err(|error| fault(error.to_string()))?)
    }
}

fn certificates(path: &PathBuf) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let fault = |reason: String| TlsError::File {
        path: path.clone(),
        what: "certificates",
        reason,
    };
    let found: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path)
        .map_err(|error| fault(error.to_string()))?
        .collect();
    let found = found.map_err(|error| fault(error.to_string()))?;
    if found.is_empty() {
        return Err(fault("it holds no certificate in PEM".to_owned()));
    }
    Ok(found)
}

/// Takes every certificate for a good one, as `--insecure` asks for. Signatures are still checked.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
